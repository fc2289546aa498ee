import type { PyDict, PyList, PyTuple } from '../value.ts';
import { saveEntries, saveItems } from './fill.ts';
import type { Writer } from './writer.ts';

/** A `list`: empty first, so that it can be in itself. */
export function saveList(writer: Writer, value: PyList): void {
  writeEmpty(writer, 0x5d, 0x6c);
  writer.memo.put(value);
  saveItems(writer, value.items, 'whole');
}

/** A `dict`: empty first, so that it can be in itself. */
export function saveDict(writer: Writer, value: PyDict): void {
  writeEmpty(writer, 0x7d, 0x64);
  writer.memo.put(value);
  saveEntries(writer, value.keys, value.values, 'whole');
}

/** A `tuple`, whose items come first: where it turns out to be in one of them, it is thrown away and fetched. */
export function saveTuple(writer: Writer, value: PyTuple): void {
  const { out, memo, agenda, protocol } = writer;
  const count = value.items.length;
  // Python has one empty tuple, which is never in the memo.
  if (count === 0) {
    writeEmpty(writer, 0x29, 0x74);
    return;
  }
  writer.enter(value);
  const short = count <= 3 && protocol >= 2;
  if (!short) out.u8(0x28);
  agenda.next(() => {
    if (!memo.has(value)) {
      out.u8(short ? 0x84 + count : 0x74);
    } else if (!short && protocol >= 1) {
      out.u8(0x31);
    } else {
      for (let at = short ? 0 : -1; at < count; at++) out.u8(0x30);
    }
    writer.finish(value, () => undefined);
  });
  agenda.nextOf(value.items);
}

/** Protocol 0 has no opcodes for empty containers: it collects nothing above a mark. */
function writeEmpty({ out, protocol }: Writer, code: number, codeWithMark: number): void {
  if (protocol === 0) {
    out.u8(0x28);
    out.u8(codeWithMark);
  } else {
    out.u8(code);
  }
}
