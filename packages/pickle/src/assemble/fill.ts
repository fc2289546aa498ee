import type { PickleValue } from '../value.ts';
import type { Writer } from './writer.ts';

// What is put into a value that is there already, and in the memo, so that it may be a part of what is put in.

/** Python's writers put this many items at a time on the stack, and its readers are tuned to it. */
const BATCH = 1000;

/**
 * Where an opcode for one item may stand: Python gives it to a list or dictionary that has one item and no more, and to
 * whatever else a last one remains for.
 */
type Single = 'whole' | 'part';

/** APPEND and APPENDS. */
export function saveItems(writer: Writer, items: readonly PickleValue[], alone: Single, from = 0): void {
  if (from >= items.length) return;
  const { out, agenda, protocol } = writer;
  const to = protocol === 0 ? from + 1 : Math.min(from + BATCH, items.length);
  if (to < items.length) agenda.next(() => saveItems(writer, items, alone, to));
  const single = isSingle(writer, alone, from, to);
  if (!single) out.u8(0x28);
  agenda.next(() => out.u8(single ? 0x61 : 0x65));
  agenda.nextOf(items, from, to);
}

/** ADDITEMS. */
export function saveSetItems(writer: Writer, items: readonly PickleValue[], from = 0): void {
  if (from >= items.length) return;
  const { out, agenda } = writer;
  const to = Math.min(from + BATCH, items.length);
  if (to < items.length) agenda.next(() => saveSetItems(writer, items, to));
  out.u8(0x28);
  agenda.next(() => out.u8(0x90));
  agenda.nextOf(items, from, to);
}

/** SETITEM and SETITEMS. */
export function saveEntries(
  writer: Writer,
  keys: readonly PickleValue[],
  values: readonly PickleValue[],
  alone: Single,
  from = 0,
): void {
  if (from >= keys.length) return;
  const { out, agenda, protocol } = writer;
  const to = protocol === 0 ? from + 1 : Math.min(from + BATCH, keys.length);
  if (to < keys.length) agenda.next(() => saveEntries(writer, keys, values, alone, to));
  const single = isSingle(writer, alone, from, to);
  if (!single) out.u8(0x28);
  agenda.next(() => out.u8(single ? 0x73 : 0x75));
  for (let at = to - 1; at >= from; at--) agenda.next(keys[at]!, values[at]!);
}

/** BUILD, once for each state. */
export function saveStates({ out, agenda }: Writer, states: readonly PickleValue[]): void {
  for (let at = states.length - 1; at >= 0; at--) agenda.next(states[at]!, () => out.u8(0x62));
}

function isSingle({ protocol }: Writer, alone: Single, from: number, to: number): boolean {
  return to - from === 1 && (protocol === 0 || alone === 'part' || from === 0);
}
