import { type Limits, TorshError } from '@torsh/bytes';
import { isKind, newName, type PickleValue, type PyGlobal } from '@torsh/pickle';
import { malformed } from './errors.ts';

/** Checked views on pickle values: what a rebuild call must have been given, or a `malformed` error that says which. */

/** A pickle has each name once, and calls it for each of its tensors. */
const known = new WeakMap<PyGlobal, string>();

/** `module.name` of a global, Python 2 spellings as Python 3 ones; `undefined` for anything else. */
export function nameOf(value: PickleValue | undefined): string | undefined {
  if (!isKind(value, 'global')) return undefined;
  const name = known.get(value) ?? newName(value.module, value.name).join('.');
  known.set(value, name);
  return name;
}

/** The name of what an object is made by; `undefined` where it is not a plain name. */
export function callOf(value: PickleValue | undefined): string | undefined {
  return isKind(value, 'object') ? nameOf(value.callee) : undefined;
}

/** The items of a tuple or list, of which there must be at least `least`. */
export function itemsOf(value: PickleValue | undefined, what: string, least = 0): readonly PickleValue[] {
  const items = isKind(value, 'tuple') || isKind(value, 'list') ? value.items : undefined;
  if (items === undefined || items.length < least) {
    throw malformed(`${what} should be a tuple of ${least} or more items, and is not.`);
  }
  return items;
}

/** A whole number that a JavaScript number holds exactly. */
export function integer(value: PickleValue | undefined, what: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') throw malformed(`${what} is ${value}, which is beyond any real file.`);
  throw malformed(`${what} should be a whole number, and is not.`);
}

/** A tuple of whole numbers, one a dimension: a size or a stride. */
export function integers(
  value: PickleValue | undefined,
  what: string,
  { dimensions }: Limits,
): readonly number[] {
  // `torch.Size` arrives as a call with the tuple as its one argument.
  const inner =
    callOf(value) === 'torch.Size'
      ? itemsOf((value as Extract<PickleValue, { kind: 'object' }>).args, what, 1)[0]
      : value;
  const items = itemsOf(inner, what);
  if (items.length > dimensions) {
    throw new TorshError(
      'limit',
      `${what} has ${items.length} dimensions; at most ${dimensions} are read (limit dimensions).`,
    );
  }
  return areNumbers(items) ? items : items.map((item) => integer(item, what));
}

/** The list of the pickle itself serves where it holds nothing else: checkpoints have millions of them. */
function areNumbers(items: readonly PickleValue[]): items is readonly number[] {
  return items.every((item) => typeof item === 'number');
}
