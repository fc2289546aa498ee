import { asSet, isKind, type PickleValue, type PyDict, type PyObject } from '@torsh/pickle';
import { callOf } from './arguments.ts';

/** What `torch.nn.Module` keeps its state in: attributes that every module has, whatever its class. */
export interface ModuleParts {
  /** A `dict` or `OrderedDict` each: name → tensor, name → tensor, name → module. */
  readonly parameters: PickleValue;
  readonly buffers: PickleValue;
  readonly children: PickleValue;
  /** Names of buffers that `state_dict()` leaves out. Modules from before torch 1.4 have none. */
  readonly transient: ReadonlySet<PickleValue>;
  /** True where functions were to change the state dict; they cannot run. */
  readonly hooked: boolean;
  /** All attributes, these among them. */
  readonly attributes: PyDict;
}

/** The attributes whose content is the state of a module. */
export const STATE_ATTRIBUTES: ReadonlySet<PickleValue> = new Set(['_parameters', '_buffers', '_modules']);

/** A hostile file can give a million objects one dictionary of a million attributes: it is looked through once. */
const known = new WeakMap<PyDict, ModuleParts | null>();
const knownSets = new WeakMap<object, ReadonlySet<PickleValue>>();
const NONE: ReadonlySet<PickleValue> = new Set();

/** The parts of a pickled `torch.nn.Module`, told by its attributes and not by its class; `undefined` for anything else. */
export function moduleOf(object: PyObject): ModuleParts | undefined {
  for (const attributes of attributesOf(object)) {
    let parts = known.get(attributes);
    if (parts === undefined) {
      parts = partsOf(attributes) ?? null;
      known.set(attributes, parts);
    }
    if (parts !== null) return parts;
  }
  return undefined;
}

/** Dictionaries that may be the attributes of an object: given by BUILD, or to the call that makes a `GraphModule`. */
function* attributesOf({ states, args }: PyObject): Generator<PyDict> {
  for (const state of states) {
    if (isKind(state, 'dict')) yield state;
    // With slots, the state is a pair.
    else if (isKind(state, 'tuple') && isKind(state.items[0], 'dict')) yield state.items[0];
  }
  if (isKind(args, 'tuple') && isKind(args.items[0], 'dict')) yield args.items[0];
}

function partsOf(attributes: PyDict): ModuleParts | undefined {
  const named = (name: string) => attributes.values[attributes.keys.indexOf(name)];
  const [parameters, buffers, children] = [named('_parameters'), named('_buffers'), named('_modules')];
  if (!isDictionary(parameters) || !isDictionary(buffers) || !isDictionary(children)) return undefined;
  return {
    parameters,
    buffers,
    children,
    transient: setOf(named('_non_persistent_buffers_set')),
    hooked: HOOKS.some((name) => isFilled(named(name))),
    attributes,
  };
}

/** Where a module keeps functions that are called before and after its state dict is made. */
const HOOKS = ['_state_dict_hooks', '_state_dict_pre_hooks'];

function isFilled(value: PickleValue | undefined): boolean {
  if (isKind(value, 'dict')) return value.keys.length > 0;
  if (!isKind(value, 'object')) return false;
  // Python 2 gives the pairs to the call.
  const pairs = isKind(value.args, 'tuple') ? value.args.items[0] : undefined;
  return value.keys.length > 0 || (isKind(pairs, 'list') && pairs.items.length > 0);
}

function isDictionary(value: PickleValue | undefined): value is PickleValue {
  return isKind(value, 'dict') || callOf(value) === 'collections.OrderedDict';
}

function setOf(value: PickleValue | undefined): ReadonlySet<PickleValue> {
  if (typeof value !== 'object' || value === null) return NONE;
  const items = asSet(value)?.items ?? [];
  if (items.length === 0) return NONE;
  const set = knownSets.get(value) ?? new Set(items);
  knownSets.set(value, set);
  return set;
}
