import { type Limits, TorshError } from '@torsh/bytes';
import { isKind, type PickleValue, type PyDict, type PyObject } from '@torsh/pickle';
import { callOf } from '../object/arguments.ts';
import { isRebuild } from '../object/rebuild.ts';
import { type Classes, isScript } from './classes.ts';

/** A way through the modules; `undefined` where it is longer than a name may be, which matters only if it leads to a tensor. */
type Name = string | undefined;

/**
 * The tensors of `state_dict()` under their names: parameters, then buffers, then what is in the modules below, in the order
 * of the fields. `undefined` where no class has a source, so that nobody can tell what is a buffer and what is not.
 *
 * Modules whose class writes its own state (packed weights of quantised layers) have no fields, and so nothing here.
 */
export function stateOf(root: PickleValue, classes: Classes, limits: Limits): PyDict | undefined {
  if (classes.size === 0) return undefined;
  const keys: string[] = [];
  const values: PickleValue[] = [];
  const onPath = new Set<PyObject>();
  const barren = new Set<PyObject>();
  let steps = 0;

  const add = (name: Name, value: PickleValue): void => {
    if (name === undefined) throw over('A tensor has a name of more than', 'nameBytes', ' bytes');
    if (keys.push(name) > limits.entries) throw over('The module names more than', 'entries', ' tensors');
    values.push(value);
  };

  const joined = (prefix: Name, name: string): Name =>
    prefix === undefined || prefix.length + name.length > limits.nameBytes ? undefined : prefix + name;

  const over = (
    what: string,
    limit: 'nameBytes' | 'entries' | 'depth' | 'pickleSteps',
    unit: string,
  ): TorshError =>
    new TorshError('limit', `${what} ${limits[limit]}${unit} (limit ${limit}).`, { path: 'data.pkl' });

  const visit = (module: PyObject, prefix: Name): void => {
    const fields = fieldsOf(module);
    if (fields === undefined || onPath.has(module) || barren.has(module)) return;
    const before = keys.length;
    onPath.add(module);
    if (onPath.size > limits.depth) throw over('The modules nest deeper than', 'depth', ' levels');
    steps += fields.keys.length;
    if (steps > limits.pickleSteps)
      throw over('The ways through the modules have more than', 'pickleSteps', ' steps');
    const source = classes.get(callOf(module)!);
    const isParameter = (name: string) => source?.parameters.has(name) === true;
    const isBuffer = (name: string, value: PickleValue) => source?.buffers?.has(name) ?? isTensor(value);
    const named = fields.keys.map((key, index) => [String(key), fields.values[index]!] as const);
    for (const [name, value] of named)
      if (isParameter(name) && value !== null) add(joined(prefix, name), value);
    for (const [name, value] of named) {
      if (!isParameter(name) && isBuffer(name, value) && value !== null) add(joined(prefix, name), value);
    }
    for (const [name, value] of named) {
      if (isModule(value, classes)) visit(value, joined(prefix, `${name.slice(0, limits.nameBytes)}.`));
    }
    onPath.delete(module);
    if (keys.length === before) barren.add(module);
  };

  if (isModule(root, classes)) visit(root, '');
  return { kind: 'dict', keys, values };
}

/** The fields of a module by name; `undefined` where its class has written something of its own. */
function fieldsOf({ states }: PyObject): PyDict | undefined {
  const [fields] = states;
  if (states.length !== 1 || !isKind(fields, 'dict')) return undefined;
  return fields.keys.every((key) => typeof key === 'string') ? fields : undefined;
}

/** True for an object of a class that is a module as far as the code tells. */
function isModule(value: PickleValue, classes: Classes): value is PyObject {
  if (!isKind(value, 'object') || value.how !== 'newobj' || !isKind(value.callee, 'global')) return false;
  return isScript(value.callee.module) && classes.get(callOf(value)!)?.isModule !== false;
}

function isTensor(value: PickleValue): boolean {
  return isKind(value, 'object') && isRebuild(callOf(value) ?? '');
}
