import { failure } from './failure.ts';
import { decodeInt } from './integer.ts';
import { oldString } from './lines.ts';
import type { PickleValue } from './value.ts';

/** What an opcode pushes that has its length before its bytes, text aside: a number, bytes, or a Python 2 string. */
export function contentValue(code: number, content: Uint8Array, offset: number): PickleValue {
  switch (code) {
    case 0x8a:
    case 0x8b: {
      const value = decodeInt(content);
      if (value === undefined) throw failure('limit', 'A number in the pickle has too many digits', offset);
      return value;
    }
    case 0x54:
    case 0x55:
      return oldString(content);
    case 0x96:
      return { kind: 'bytearray', bytes: content };
    default:
      return content;
  }
}

/** True for the opcodes whose content is bytes. */
export function isBytes(code: number): boolean {
  return code === 0x42 || code === 0x43 || code === 0x8e || code === 0x96;
}
