import { TorshError } from '@torsh/bytes';
import { elementsOf } from '@torsh/core';
import {
  asOrderedDict,
  asSet,
  isKind,
  type PickleValue,
  type PyObject,
  type PyPersistent,
} from '@torsh/pickle';
import { keyText } from './key-text.ts';
import { names } from './names.ts';
import { storageOf } from './persistent.ts';
import type { Reading } from './reading.ts';
import { type Rebuilt, rebuild } from './rebuild.ts';
import { checkView, identityOf, type View } from './view.ts';

/** A tensor that was found, under its name. */
export interface Found {
  readonly name: string;
  readonly view: View;
}

/** Everything that was found on a walk over an object. */
export interface Walked {
  readonly found: readonly Found[];
  /** Other name → name. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Which tensor each rebuild call, or bare storage, became. */
  readonly nodes: ReadonlyMap<PyObject | PyPersistent, Found>;
  /** Tensors that have no data to extract, with the reason. */
  readonly empty: readonly { readonly name: string; readonly reason: string }[];
}

/** A step on the way to a tensor. Its text is made when a tensor is found: keys that lead to none may be of any size. */
interface Segment {
  readonly key: PickleValue;
  text?: string;
}

/** Walks an object in its own order and names each tensor by the way that leads to it. */
export function walk(top: PickleValue, reading: Reading): Walked {
  const { limits } = reading;
  const found: Found[] = [];
  const aliases = new Map<string, string>();
  const nodes = new Map<PyObject | PyPersistent, Found>();
  const empty: { name: string; reason: string }[] = [];
  const owners = new Map<string, string>();
  const onPath = new Set<object>();
  const barren = new Set<object>();
  const { take } = names(limits);
  const path: Segment[] = [];
  let named = 0;
  let steps = 0;

  const texts = (): string[] =>
    path.map((segment) => (segment.text ??= keyText(segment.key, limits.nameBytes)));

  const add = (node: PyObject | PyPersistent, view: View): void => {
    if (++named > limits.entries) {
      throw new TorshError('limit', `The object names more than ${limits.entries} tensors (limit entries).`);
    }
    const name = take(texts());
    const known = nodes.get(node)?.name;
    if (known !== undefined) {
      aliases.set(name, aliases.get(known) ?? known);
      return;
    }
    nodes.set(node, { name, view });
    checkView(view, name);
    // Tensors without elements look alike without being one.
    const nameless = elementsOf(view.size) === 0 || view.storage.bytes !== undefined;
    const identity = nameless ? undefined : identityOf(view);
    const owner = identity === undefined ? undefined : owners.get(identity);
    if (owner !== undefined) {
      aliases.set(name, owner);
      return;
    }
    if (identity !== undefined) owners.set(identity, name);
    found.push({ name, view });
  };

  const below = (key: PickleValue | undefined, value: PickleValue | undefined): void => {
    if (value === undefined || value === null || typeof value !== 'object') return;
    if (key === undefined) {
      visit(value);
      return;
    }
    path.push({ key });
    visit(value);
    path.pop();
  };

  /** Shared containers are entered often: 20,000 times a list of 20,000 numbers is a pickle of 80 kB. */
  const entries = (keys: readonly PickleValue[] | undefined, values: readonly PickleValue[]): void => {
    steps += values.length;
    if (steps > limits.pickleSteps) {
      throw new TorshError(
        'limit',
        `The ways through the object have more than ${limits.pickleSteps} steps (limit pickleSteps).`,
      );
    }
    for (let index = 0; index < values.length; index++)
      below(keys === undefined ? index : keys[index]!, values[index]);
  };
  const items = (values: readonly PickleValue[]): void => entries(undefined, values);

  /** What BUILD gave: the attributes, or (attributes, slots), or whatever a class of its own has made of it. */
  const state = (value: PickleValue | undefined): void => {
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
    const before = named;
    onPath.add(value);
    if (onPath.size > limits.depth) {
      throw new TorshError('limit', `The object nests deeper than ${limits.depth} levels (limit depth).`);
    }
    enter(value);
    onPath.delete(value);
    if (named === before) barren.add(value);
  };

  const enter = (
    value: Exclude<PickleValue, null | boolean | number | bigint | string | Uint8Array>,
  ): void => {
    if (value.kind === 'persistent') bareStorage(value);
    else if (value.kind === 'object') {
      const rebuilt = rebuild(value, reading);
      if (rebuilt === undefined) object(value);
      else tensor(value, rebuilt);
    } else if (value.kind === 'dict') entries(value.keys, value.values);
    else if (
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
    add(value, { storage, type: storage.type, offset: 0, size: [storage.numel], stride: [1], ...rest });
  };

  const tensor = (value: PyObject, rebuilt: Rebuilt): void => {
    if (rebuilt.view !== undefined) add(value, rebuilt.view);
    if (rebuilt.empty !== undefined) empty.push({ name: take(texts()), reason: rebuilt.empty });
    for (const { suffix, value: part } of rebuilt.parts) below(suffix, part);
    state(rebuilt.state);
  };

  const object = (value: PyObject): void => {
    const dict = asOrderedDict(value);
    const set = asSet(value);
    if (dict !== undefined) {
      entries(dict.keys, dict.values);
      state(dict.state);
      return;
    }
    items(set?.items ?? (isKind(value.args, 'tuple') ? value.args.items : []));
    below('kwargs', value.kwargs);
    items(value.items);
    entries(value.keys, value.values);
    for (const each of value.states) state(each);
  };

  // What has no way that leads to it is named by what it is.
  if (isKind(top, 'persistent')) below('storage', top);
  else if (isKind(top, 'object') && rebuild(top, reading) !== undefined) below('tensor', top);
  else visit(top);
  return { found, aliases, nodes, empty };
}
