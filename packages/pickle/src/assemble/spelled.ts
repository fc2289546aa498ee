import { writeBytes } from '../scalars.ts';
import { decodeLatin1 } from '../utf8.ts';
import type { PickleValue } from '../value.ts';
import { saveSetItems } from './fill.ts';
import type { Writer } from './writer.ts';

// Plain values that older protocols spell as calls.

/** `bytes`. */
export function saveBytes(writer: Writer, value: Uint8Array): void {
  if (writer.protocol >= 3) {
    writeBytes(writer.out, value);
    writer.memo.put(value);
  } else if (value.length === 0) {
    saveSpelled(writer, value, 'builtins', 'bytes', []);
  } else {
    saveSpelled(writer, value, '_codecs', 'encode', [decodeLatin1(value), 'latin1']);
  }
}

/** `bytearray`; `value` is what it is in the memo by. */
export function saveByteArray(writer: Writer, value: object, bytes: Uint8Array): void {
  if (writer.protocol >= 5) {
    writer.out.u8(0x96);
    writer.out.u64(bytes.length);
    writer.out.bytes(bytes);
    writer.memo.put(value);
  } else {
    saveSpelled(writer, value, 'builtins', 'bytearray', bytes.length === 0 ? [] : [bytes.slice()]);
  }
}

/** `set` and `frozenset`; `value` is what it is in the memo by. */
export function saveSet(
  writer: Writer,
  value: object,
  kind: 'set' | 'frozenset',
  items: readonly PickleValue[],
): void {
  const { out, memo, agenda } = writer;
  if (writer.protocol < 4) {
    saveSpelled(writer, value, 'builtins', kind, [{ kind: 'list', items: [...items] }]);
  } else if (kind === 'set') {
    out.u8(0x8f);
    memo.put(value);
    saveSetItems(writer, items);
  } else {
    writer.enter(value);
    out.u8(0x28);
    agenda.next(() => {
      out.u8(memo.has(value) ? 0x31 : 0x91);
      writer.finish(value, () => undefined);
    });
    agenda.nextOf(items);
  }
}

function saveSpelled(
  writer: Writer,
  value: object,
  module: string,
  name: string,
  args: readonly PickleValue[],
): void {
  writer.enter(value);
  writer.agenda.next({ kind: 'global', module, name }, { kind: 'tuple', items: args }, () => {
    writer.out.u8(0x52);
    writer.finish(value);
  });
}
