import {
  dictEntries,
  isKind,
  type PickleValue,
  type PyObject,
  type PyPersistent,
  textEntries,
} from '@torsh/pickle';
import { callOf } from '../object/arguments.ts';
import { moduleOf } from '../object/module.ts';
import { isRebuild } from '../object/rebuild.ts';

/** Looks at values only as far as is needed to tell what they are there for. */
export interface Look {
  /** The entries of a dictionary whose keys are all text. */
  entries(value: PickleValue | undefined): ReadonlyMap<string, PickleValue> | undefined;
  /** True for a dictionary of so many tensors that it can be nothing but weights. */
  isLarge(value: PickleValue): boolean;
  /** True for a module, and for a dictionary that is tensors under names, or dictionaries of such, for the most part. */
  isWeights(value: PickleValue | undefined): boolean;
  /** True for what `optimizer.state_dict()` gives, and for a list or a dictionary of such. */
  isOptimizer(value: PickleValue | undefined): boolean;
}

/** How deep dictionaries of weights lie in one another; Megatron's have four levels. */
const DEPTH = 6;

/** Programs do not keep so many tensors beside each other under keys of their own. */
const LARGE = 64;

/** What has been looked at is remembered: a hostile file can put one large dictionary under a million keys. */
export function look(nodes: ReadonlyMap<PyObject | PyPersistent, unknown>): Look {
  const maps = new Map<PickleValue, ReadonlyMap<string, PickleValue> | undefined>();
  const weights = new Map<PickleValue, boolean>();
  const optimizers = new Map<PickleValue, boolean>();

  const entries: Look['entries'] = (value) => {
    if (value === undefined || dictionary(value) === undefined) return undefined;
    if (!maps.has(value)) maps.set(value, textEntries(value));
    return maps.get(value);
  };

  const isTensor = (value: PickleValue): boolean =>
    (isKind(value, 'object') && (nodes.has(value) || isRebuild(callOf(value) ?? ''))) ||
    (isKind(value, 'persistent') && nodes.has(value));

  const isLarge: Look['isLarge'] = (value) => {
    const found = dictionary(value) === undefined ? undefined : dictEntries(value);
    if (found === undefined || found.keys.length < LARGE) return false;
    return found.keys.every((key) => typeof key === 'string') && found.values.every(isTensor);
  };

  const isWeights = (value: PickleValue | undefined, depth = 0): boolean => {
    if (isModule(value)) return true;
    if (value === undefined || depth > DEPTH) return false;
    const known = weights.get(value);
    if (known !== undefined) return known;
    // Within itself it is none.
    weights.set(value, false);
    const found = entries(value);
    let [tensors, others] = [0, 0];
    for (const each of found?.values() ?? []) {
      if (isTensor(each) || isWeights(each, depth + 1)) tensors++;
      else if (each !== null) others++;
    }
    weights.set(value, tensors > others);
    return tensors > others;
  };

  const isOptimizer = (value: PickleValue | undefined, depth = 0): boolean => {
    if (value === undefined || depth > 1) return false;
    const known = optimizers.get(value);
    if (known !== undefined) return known;
    optimizers.set(value, false);
    const items = isKind(value, 'list') || isKind(value, 'tuple') ? value.items : undefined;
    const found = items === undefined ? entries(value) : undefined;
    const inner = items ?? [...(found?.values() ?? [])];
    const is =
      (found?.has('state') === true && found.has('param_groups')) ||
      (inner.length > 0 && inner.every((each) => isOptimizer(each, depth + 1)));
    optimizers.set(value, is);
    return is;
  };

  return {
    entries,
    isLarge,
    isWeights: (value) => isWeights(value),
    isOptimizer: (value) => isOptimizer(value),
  };
}

export function isModule(value: PickleValue | undefined): value is PyObject {
  return isKind(value, 'object') && moduleOf(value) !== undefined;
}

/** True for what can have tensors in it. */
export function isContainer(value: PickleValue | undefined): boolean {
  return (
    isKind(value, 'list') || isKind(value, 'tuple') || isModule(value) || dictionary(value) !== undefined
  );
}

function dictionary(value: PickleValue | undefined): PickleValue | undefined {
  if (isKind(value, 'dict')) return value;
  return callOf(value) === 'collections.OrderedDict' && dictEntries(value!) !== undefined ? value : undefined;
}
