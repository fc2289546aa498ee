import { call } from './calls.ts';
import type { EntryIndex } from './entries.ts';
import { keyWithoutValue, underflow } from './failure.ts';
import { setItems, unhashable } from './fill.ts';
import { NONE } from './none.ts';
import type { PickleValue, PyDict } from './value.ts';

/** TUPLE, LIST, DICT, FROZENSET and OBJ: one new value of what lies above the mark, `from` up to `to`. */
export function collect(
  code: number,
  stack: readonly PickleValue[],
  from: number,
  to: number,
  index: EntryIndex,
  offset: number,
): PickleValue {
  switch (code) {
    case 0x74:
      return { kind: 'tuple', items: stack.slice(from, to) };
    case 0x6c:
      return { kind: 'list', items: stack.slice(from, to) };
    case 0x91:
      return { kind: 'frozenset', items: distinct(stack.slice(from, to), index, offset) };
    case 0x64: {
      if ((to - from) % 2 !== 0) throw keyWithoutValue(offset);
      const dict: PyDict = { kind: 'dict', keys: NONE, values: NONE };
      setItems(dict, stack, from, to, index, offset);
      return dict;
    }
    default:
      if (from === to) throw underflow(offset);
      return call('obj', stack[from]!, { kind: 'tuple', items: stack.slice(from + 1, to) });
  }
}

/** The items of a frozenset, each once. */
function distinct(items: readonly PickleValue[], index: EntryIndex, offset: number): PickleValue[] {
  const kept: PickleValue[] = [];
  for (const item of items) if (!index.add(kept, kept, item)) throw unhashable(item, offset);
  return kept;
}
