import { decodeUtf8, type Limits } from '@torsh/bytes';
import { endless, exhausted, failure, unknownOpcode } from './failure.ts';
import { decodeInt } from './integer.ts';
import { HIGHEST_PROTOCOL, type OpcodeKind, opcodes } from './opcodes.ts';
import {
  parseFloatLine,
  parseIndexLine,
  parseIntLine,
  parseLongLine,
  parseStringLine,
  parseUnicodeLine,
} from './text.ts';
import { decodeLatin1, decodePythonUtf8 } from './utf8.ts';

/** What stands behind an opcode: a number, a truth value, text, bytes, or the module and the name of GLOBAL and INST. */
export type OpcodeArgument =
  | number
  | bigint
  | boolean
  | string
  | Uint8Array
  | readonly [module: string, name: string];

/** One opcode of a pickle. */
export interface Opcode {
  readonly code: number;
  readonly name: string;
  /** The byte of the opcode. */
  readonly offset: number;
  /** Absent where the opcode has none. Python 2 strings are text where they are UTF-8, otherwise bytes. */
  readonly argument?: OpcodeArgument;
}

/** Where in the bytes the pickle begins. */
export interface DisassembleOptions {
  readonly offset?: number;
}

/**
 * The opcodes of one pickle, up to and with STOP, one after the other. Nothing is put together, so this also goes
 * through pickles whose stack makes no sense. Frames are not looked into: their content follows.
 */
export function* disassemble(
  bytes: Uint8Array,
  limits: Limits,
  options: DisassembleOptions = {},
): Generator<Opcode, void, undefined> {
  const start = options.offset ?? 0;
  const end = Math.min(bytes.length, start + limits.pickleBytes);
  const cut = end < bytes.length;
  let at = start;
  for (let steps = 1; ; steps++) {
    if (at >= end) throw exhausted(1, 0, at, cut);
    if (steps > limits.pickleSteps) {
      throw failure('limit', 'The pickle has more opcodes than pickleSteps allows', at);
    }
    const code = bytes[at]!;
    const kind = opcodes.get(code);
    if (kind === undefined) throw unknownOpcode(code, at);
    const { argument, next } = readArgument(bytes, at, end, cut, kind);
    if (kind.name === 'PROTO' && (argument as number) > HIGHEST_PROTOCOL) {
      throw failure(
        'unsupported',
        `The pickle has protocol ${argument}; the newest is ${HIGHEST_PROTOCOL}`,
        at,
      );
    }
    yield { code, name: kind.name, offset: at, ...(argument === undefined ? {} : { argument }) };
    if (kind.name === 'STOP') return;
    at = next;
  }
}

interface Read {
  readonly argument?: OpcodeArgument;
  readonly next: number;
}

function readArgument(bytes: Uint8Array, offset: number, end: number, cut: boolean, kind: OpcodeKind): Read {
  const at = offset + 1;
  const layout = kind.argument;
  if (layout === 'none') return { next: at };
  if (layout.startsWith('line-')) return readLines(bytes, offset, end, cut, kind);

  const size = SIZES[layout]!;
  if (at + size > end) throw exhausted(size, end - at, offset, cut);
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, size);
  const body = at + size;
  if (layout === 'float') return { argument: view.getFloat64(0), next: body };
  const number =
    size === 1
      ? view.getUint8(0)
      : size === 2
        ? view.getUint16(0, true)
        : size === 8
          ? view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32
          : SIGNED.has(layout)
            ? view.getInt32(0, true)
            : view.getUint32(0, true);
  if (NUMBERS.has(layout)) return { argument: number, next: body };

  if (number < 0) throw failure('malformed', 'A length in the pickle is negative', offset);
  if (body + number > end) throw exhausted(number, end - body, offset, cut);
  const content = bytes.subarray(body, body + number);
  const argument = decodeContent(layout, content);
  if (argument === undefined)
    throw failure('malformed', 'A text or a number in the pickle is damaged', offset);
  return { argument, next: body + number };
}

const SIZES: Readonly<Record<string, number>> = {
  u8: 1,
  long1: 1,
  bytes1: 1,
  string1: 1,
  text1: 1,
  u16: 2,
  u32: 4,
  i32: 4,
  long4: 4,
  bytes4: 4,
  string4: 4,
  text4: 4,
  u64: 8,
  float: 8,
  bytes8: 8,
  bytearray8: 8,
  text8: 8,
};
const SIGNED: ReadonlySet<string> = new Set(['i32', 'long4', 'string4']);
const NUMBERS: ReadonlySet<string> = new Set(['u8', 'u16', 'u32', 'u64', 'i32']);

function decodeContent(layout: string, content: Uint8Array): OpcodeArgument | undefined {
  if (layout.startsWith('text')) return decodePythonUtf8(content);
  if (layout.startsWith('long')) return decodeInt(content);
  if (layout.startsWith('string')) return decodeUtf8(content) ?? content;
  return content;
}

function readLines(bytes: Uint8Array, offset: number, end: number, cut: boolean, kind: OpcodeKind): Read {
  const stop = lineEnd(bytes, offset + 1, end, offset, cut);
  const line = bytes.subarray(offset + 1, stop);
  if (kind.argument === 'line-global' || kind.argument === 'line-instance') {
    const second = lineEnd(bytes, stop + 1, end, offset, cut);
    const module = decodeUtf8(line);
    const name = decodeUtf8(bytes.subarray(stop + 1, second));
    if (module === undefined || name === undefined) {
      throw failure('malformed', 'The pickle imports something without a proper name', offset);
    }
    return { argument: [module, name], next: second + 1 };
  }
  const argument = decodeLine(kind.argument, line);
  if (argument === undefined) {
    throw failure('malformed', `The line of text behind ${kind.name} is not what it must be`, offset);
  }
  return { argument, next: stop + 1 };
}

function decodeLine(layout: string, line: Uint8Array): OpcodeArgument | undefined {
  switch (layout) {
    case 'line-int':
      return parseIntLine(line);
    case 'line-long':
      return parseLongLine(line);
    case 'line-float':
      return parseFloatLine(line);
    case 'line-index':
      return parseIndexLine(line);
    case 'line-text':
      return parseUnicodeLine(line);
    case 'line-string': {
      const content = parseStringLine(line);
      return content === undefined ? undefined : (decodeUtf8(content) ?? content);
    }
    default:
      return decodeLatin1(line);
  }
}

function lineEnd(bytes: Uint8Array, from: number, end: number, offset: number, cut: boolean): number {
  const stop = bytes.indexOf(0x0a, from);
  if (stop < 0 || stop >= end) throw endless(offset, cut);
  return stop;
}
