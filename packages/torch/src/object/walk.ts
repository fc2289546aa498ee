import { TorshError } from '@torsh/bytes';
import {
  asOrderedDict,
  asSet,
  dictEntries,
  isKind,
  type PickleValue,
  type PyObject,
  type PyPersistent,
} from '@torsh/pickle';
import { markedOf } from './marks.ts';
import { type ModuleParts, moduleOf, STATE_ATTRIBUTES } from './module.ts';
import { storageOf } from './persistent.ts';
import type { Reading } from './reading.ts';
import { type Rebuilt, rebuild } from './rebuild.ts';
import { register, type Walked } from './register.ts';
import { type Step, step, textsOf } from './way.ts';

const isNoState = (key: PickleValue): boolean => !STATE_ATTRIBUTES.has(key);

/**
 * Walks an object in its own order and names each tensor by the way that leads to it. A module gives what its
 * `state_dict()` would give; what else it holds comes after everything, and goes to the model `extra`. Where the format knows
 * the `state` of the whole object, that is walked first, and all the rest is extra.
 */
export function walk(top: PickleValue, reading: Reading, state?: PickleValue): Walked {
  const { limits } = reading;
  const { walked, count, add, addEmpty, addHooked, turnToExtra } = register(reading);
  const onPath = new Set<object>();
  const barren = new Set<object>();
  const later: { readonly at: Step | undefined; readonly go: () => void }[] = [];
  const put = new Set<object>();
  const withoutState = new Set<object>();
  const told = new Set<object>();
  let here: Step | undefined;
  let begun = 0;
  let inState = false;
  let steps = 0;

  const texts = (): string[] => textsOf(here, limits.nameBytes);

  const below = (key: PickleValue | undefined, value: PickleValue | undefined): void => {
    if (value === undefined || value === null || typeof value !== 'object') return;
    if (key === undefined) {
      visit(value);
      return;
    }
    const before = here;
    here = step(before, key);
    visit(value);
    here = before;
  };

  /** Shared containers are entered often: 20,000 times a list of 20,000 numbers is a pickle of 80 kB. */
  const entries = (
    keys: readonly PickleValue[] | undefined,
    values: readonly PickleValue[],
    wanted?: (key: PickleValue) => boolean,
  ): void => {
    steps += values.length;
    if (steps > limits.pickleSteps) {
      throw new TorshError(
        'limit',
        `The ways through the object have more than ${limits.pickleSteps} steps (limit pickleSteps).`,
      );
    }
    for (let index = 0; index < values.length; index++) {
      const key = keys === undefined ? index : keys[index]!;
      if (wanted !== undefined && !wanted(key)) continue;
      // A key that holds tensors leads to no value: they come after all that have a name.
      if (mayHold(key)) putOff(key, () => below(`key ${index}`, key));
      below(key, values[index]);
    }
  };
  const items = (values: readonly PickleValue[]): void => entries(undefined, values);

  /** What BUILD gave: the attributes, or (attributes, slots), or whatever a class of its own has made of it. */
  const built = (value: PickleValue | undefined): void => {
    if (
      isKind(value, 'tuple') &&
      value.items.length === 2 &&
      value.items.every((item) => item === null || isKind(item, 'dict'))
    ) {
      for (const item of value.items) below(undefined, item);
    } else {
      below(undefined, value);
    }
  };

  /**
   * A container is entered by every path that leads to it, so that tensors in a shared one get all their names; but not
   * within itself, and not again once it has been found to hold none.
   */
  const visit = (value: PickleValue): void => {
    if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return;
    if (onPath.has(value) || barren.has(value)) return;
    const before = count();
    onPath.add(value);
    if (begun + onPath.size > limits.depth) {
      throw new TorshError('limit', `The object nests deeper than ${limits.depth} levels (limit depth).`);
    }
    enter(value);
    onPath.delete(value);
    if (count() === before) barren.add(value);
  };

  const enter = (
    value: Exclude<PickleValue, null | boolean | number | bigint | string | Uint8Array>,
  ): void => {
    if (value.kind === 'persistent') {
      const call = reading.standsFor?.(value);
      if (call === undefined) bareStorage(value);
      else enter(call);
    } else if (value.kind === 'object') {
      const rebuilt = rebuild(value, reading);
      if (rebuilt !== undefined) {
        tensor(value, rebuilt);
        return;
      }
      const parts = moduleOf(value);
      if (parts === undefined) object(value);
      else module(value, parts);
    } else if (value.kind === 'dict') {
      entries(value.keys, value.values, withoutState.has(value) ? isNoState : undefined);
    } else if (
      value.kind === 'tuple' ||
      value.kind === 'list' ||
      value.kind === 'set' ||
      value.kind === 'frozenset'
    ) {
      items(value.items);
    }
  };

  const bareStorage = (value: PyPersistent): void => {
    const storage = storageOf(value, reading);
    const rest = { requiresGrad: false, conj: false, neg: false };
    add(
      value,
      { storage, type: storage.type, offset: 0, size: [storage.numel], stride: [1], ...rest },
      texts,
    );
  };

  const tensor = (value: PyObject, rebuilt: Rebuilt): void => {
    if (rebuilt.view !== undefined) add(value, rebuilt.view, texts);
    if (rebuilt.empty !== undefined && !told.has(value)) addEmpty(rebuilt.empty, texts());
    told.add(value);
    for (const { suffix, value: part } of rebuilt.parts) below(suffix, part);
    // What was written on a parameter is not in the state dict.
    if (rebuilt.state !== undefined && inState) putOff(value, () => built(rebuilt.state));
    else built(rebuilt.state);
  };

  const object = (value: PyObject): void => {
    const inside = markedOf(value);
    if (inside !== undefined) {
      below(undefined, inside);
      return;
    }
    const dict = asOrderedDict(value);
    const set = asSet(value);
    if (dict !== undefined) {
      entries(dict.keys, dict.values);
      built(dict.state);
      return;
    }
    items(set?.items ?? (isKind(value.args, 'tuple') ? value.args.items : []));
    below('kwargs', value.kwargs);
    items(value.items);
    entries(value.keys, value.values);
    for (const each of value.states) built(each);
  };

  /** The order of `state_dict()`: parameters, buffers, and then the same of each child. */
  const module = (value: PyObject, parts: ModuleParts): void => {
    const { parameters, buffers, children, transient, attributes } = parts;
    const part = (each: PickleValue, wanted?: (key: PickleValue) => boolean): void => {
      const dict = dictEntries(each);
      if (dict !== undefined) entries(dict.keys, dict.values, wanted);
    };
    if (parts.hooked && !put.has(value)) addHooked(texts);
    const outer = inState;
    inState = true;
    part(parameters);
    part(buffers, (name) => !transient.has(name));
    inState = outer;
    putOff(value, () => {
      part(buffers, (name) => transient.has(name));
      withoutState.add(attributes);
      object(value);
    });
    part(children);
  };

  /** Remembers what belongs to no state dict until all that does has its name; each thing once, by its first way. */
  const putOff = (value: object, go: () => void): void => {
    if (put.has(value)) return;
    put.add(value);
    later.push({ at: here, go });
  };

  // What has no way that leads to it is named by what it is.
  if (state !== undefined) {
    visit(state);
    later.push({ at: undefined, go: () => visit(top) });
  } else if (isKind(top, 'persistent') && reading.standsFor?.(top) === undefined) below('storage', top);
  else if (isKind(top, 'object')) below(whatIs(rebuild(top, reading)), top);
  else visit(top);
  turnToExtra();
  // The list grows on the way: modules can lie in attributes of modules.
  for (const { at, go } of later) {
    here = at;
    begun = at?.depth ?? 0;
    go();
  }
  return walked;
}

/** True for a key that may be or have a tensor: an object, or a tuple or frozenset of such. */
function mayHold(key: PickleValue): key is Exclude<PickleValue, null | boolean | number | bigint | string> {
  if (key === null || typeof key !== 'object' || key instanceof Uint8Array) return false;
  if (key.kind === 'tuple' || key.kind === 'frozenset')
    return key.items.some((item) => typeof item === 'object' && item !== null);
  return key.kind === 'object' || key.kind === 'persistent';
}

function whatIs(rebuilt: Rebuilt | undefined): string | undefined {
  if (rebuilt === undefined) return undefined;
  return rebuilt.array === true ? 'array' : 'tensor';
}
