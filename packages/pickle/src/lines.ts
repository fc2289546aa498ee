import { decodeUtf8 } from '@torsh/bytes';
import { failure, opcodeName } from './failure.ts';
import {
  parseFloatLine,
  parseIndexLine,
  parseIntLine,
  parseLongLine,
  parseStringLine,
  parseUnicodeLine,
} from './text.ts';
import type { Trace } from './trace.ts';
import { decodeLatin1 } from './utf8.ts';
import type { PickleValue } from './value.ts';

/** A Python 2 `str`: text where it is UTF-8. */
export function oldString(bytes: Uint8Array): PickleValue {
  return decodeUtf8(bytes) ?? { kind: 'str8', bytes };
}

/** What a text opcode pushes; for PERSID, the id. */
export function lineValue(code: number, line: Uint8Array, offset: number, trace: Trace): PickleValue {
  const value = parseLine(code, line);
  if (value === undefined) {
    const message = `The line of text behind ${opcodeName(code)} is not what it must be`;
    throw failure('malformed', message, offset);
  }
  if ((code === 0x49 || code === 0x4c) && !isPlainNumber(code, line)) trace.note('int-text', offset);
  return value;
}

/** The memo index that a text opcode names. */
export function lineIndex(line: Uint8Array, offset: number): number {
  const index = parseIndexLine(line);
  if (index !== undefined && index >= 0) return index;
  throw failure('malformed', 'A memo index in the pickle is no index', offset);
}

/** `undefined` where CPython refuses the line. */
function parseLine(code: number, line: Uint8Array): PickleValue | undefined {
  switch (code) {
    case 0x49:
      return parseIntLine(line);
    case 0x4c:
      return parseLongLine(line);
    case 0x46: {
      const value = parseFloatLine(line);
      return value === undefined ? undefined : { kind: 'float', value };
    }
    case 0x53: {
      const content = parseStringLine(line);
      return content === undefined ? undefined : oldString(content);
    }
    case 0x56:
      return parseUnicodeLine(line);
    default:
      // PERSID: CPython takes ASCII only.
      return isAscii(line) ? decodeLatin1(line) : undefined;
  }
}

/** True where no byte has its highest bit set. */
export function isAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte >= 0x80) return false;
  return true;
}

/** What Python's own writers write; anything else is read differently by different readers. */
function isPlainNumber(code: number, line: Uint8Array): boolean {
  const text = decodeLatin1(line.subarray(0, 32));
  if (code === 0x49 && (text === '00' || text === '01')) return true;
  return line.length > 32 ? !/[^0-9L-]/.test(text) : /^-?(0|[1-9][0-9]*)L?$/.test(text);
}
