import { asSet } from '../python.ts';
import { writeBool, writeFloat, writeInt, writeOldString } from '../scalars.ts';
import type { PickleValue } from '../value.ts';
import { saveCall, savePersistent } from './calls.ts';
import { saveDict, saveList, saveTuple } from './containers.ts';
import { saveExtension, saveGlobal } from './names.ts';
import { saveByteArray, saveBytes, saveSet } from './spelled.ts';
import { OwnText, saveOwnText, saveText } from './text.ts';
import type { Writer } from './writer.ts';

/** Writes one value, or begins to: its parts are on the agenda then. */
export function save(writer: Writer, value: PickleValue): void {
  switch (typeof value) {
    case 'boolean':
      writeBool(writer.out, value, writer.protocol);
      return;
    case 'number':
    case 'bigint':
      writeInt(writer.out, value, writer.protocol);
      return;
    case 'string':
      saveText(writer, value);
      return;
  }
  if (value === null) writer.out.u8(0x4e);
  else if (value instanceof Uint8Array) {
    if (!writer.memo.fetch(value)) saveBytes(writer, value);
  } else if (value instanceof OwnText) saveOwnText(writer, value);
  else saveKind(writer, value);
}

function saveKind(
  writer: Writer,
  value: Exclude<PickleValue, null | boolean | number | bigint | string | Uint8Array>,
): void {
  switch (value.kind) {
    case 'float':
      writeFloat(writer.out, value.value, writer.protocol);
      return;
    case 'extension':
      saveExtension(writer, value.code);
      return;
    case 'global':
      saveGlobal(writer, value);
      return;
  }
  if (writer.memo.fetch(value)) return;
  switch (value.kind) {
    case 'str8':
      writeOldString(writer.out, value.bytes, writer.protocol);
      writer.memo.put(value);
      return;
    case 'bytearray':
      saveByteArray(writer, value, value.bytes);
      return;
    case 'tuple':
      saveTuple(writer, value);
      return;
    case 'list':
      saveList(writer, value);
      return;
    case 'dict':
      saveDict(writer, value);
      return;
    case 'set':
    case 'frozenset':
      saveSet(writer, value, value.kind, value.items);
      return;
    case 'object': {
      // A set may be in the state of its own items. Its list of items must then be written anew, as Python does.
      const set = asSet(value);
      if (set !== undefined) saveSet(writer, value, set.kind, set.items);
      else saveCall(writer, value);
      return;
    }
    case 'persistent':
      savePersistent(writer, value);
      return;
  }
}
