import { TorshError } from '@torsh/bytes';
import { encodeInt, MAX_DIGITS } from './integer.ts';
import type { Output } from './output.ts';
import { decodeLatin1, encodePythonUtf8 } from './utf8.ts';

// How each protocol writes what has no parts.

/** True and False: text before protocol 2. */
export function writeBool(out: Output, value: boolean, protocol: number): void {
  if (protocol >= 2) out.u8(value ? 0x88 : 0x89);
  else out.latin1(value ? 'I01\n' : 'I00\n');
}

/** An `int` of any size. */
export function writeInt(out: Output, value: number | bigint, protocol: number): void {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new TorshError(
      'malformed',
      `The number ${value} is no safe integer; floats are objects of kind "float".`,
    );
  }
  if (protocol === 0) {
    writeDecimal(out, value);
  } else if (typeof value === 'number' && (value | 0) === value) {
    writeSmallInt(out, value);
  } else if (protocol === 1) {
    writeDecimal(out, value);
  } else {
    writeLong(out, BigInt(value));
  }
}

function writeSmallInt(out: Output, value: number): void {
  if (value >= 0 && value <= 0xff) {
    out.u8(0x4b);
    out.u8(value);
  } else if (value >= 0 && value <= 0xffff) {
    out.u8(0x4d);
    out.u16(value);
  } else {
    out.u8(0x4a);
    out.u32(value);
  }
}

function writeDecimal(out: Output, value: number | bigint): void {
  // Python refuses to read longer decimal numbers, but takes the binary form in a pickle of any protocol.
  const long = typeof value === 'bigint' && BigInt.asIntN(3 * MAX_DIGITS, value) !== value;
  if (long) {
    writeLong(out, value);
    return;
  }
  const small = typeof value === 'number' && (value | 0) === value;
  out.latin1(small ? `I${value}\n` : `L${value}L\n`);
}

function writeLong(out: Output, value: bigint): void {
  const bytes = encodeInt(value);
  if (bytes.length < 0x100) {
    out.u8(0x8a);
    out.u8(bytes.length);
  } else {
    out.u8(0x8b);
    out.u32(bytes.length);
  }
  out.bytes(bytes);
}

/** A `float`. */
export function writeFloat(out: Output, value: number, protocol: number): void {
  if (protocol >= 1) {
    out.u8(0x47);
    out.f64(value);
  } else {
    out.latin1(`F${formatFloat(value)}\n`);
  }
}

/** A float as Python can read it: the shortest text that gives the same number, with a point or an exponent. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Text. */
export function writeText(out: Output, text: string, protocol: number): void {
  if (protocol === 0) {
    out.u8(0x56);
    out.latin1(`${escapeText(text)}\n`);
    return;
  }
  const bytes = encodePythonUtf8(text);
  if (protocol >= 4 && bytes.length < 0x100) {
    out.u8(0x8c);
    out.u8(bytes.length);
  } else if (bytes.length < 2 ** 32) {
    out.u8(0x58);
    out.u32(bytes.length);
  } else {
    out.u8(0x8d);
    out.u64(bytes.length);
  }
  out.bytes(bytes);
}

/** Python's raw-unicode-escape, with escapes for what would end the line or begin an escape. */
function escapeText(text: string): string {
  let escaped = '';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code > 0xffff) escaped += `\\U${code.toString(16).padStart(8, '0')}`;
    else if (code > 0xff || UNSAFE.has(code)) escaped += `\\u${code.toString(16).padStart(4, '0')}`;
    else escaped += character;
  }
  return escaped;
}

/** Backslash, zero, newline, carriage return, and the end-of-file mark of DOS. */
const UNSAFE: ReadonlySet<number> = new Set([0x5c, 0x00, 0x0a, 0x0d, 0x1a]);

/** `bytes`, for protocols from 3, which have an opcode for it. */
export function writeBytes(out: Output, bytes: Uint8Array): void {
  if (bytes.length < 0x100) {
    out.u8(0x43);
    out.u8(bytes.length);
  } else if (bytes.length < 2 ** 32) {
    out.u8(0x42);
    out.u32(bytes.length);
  } else {
    out.u8(0x8e);
    out.u64(bytes.length);
  }
  out.bytes(bytes);
}

/** A Python 2 `str`. */
export function writeOldString(out: Output, bytes: Uint8Array, protocol: number): void {
  if (protocol === 0) {
    out.latin1(`S'${escapeString(decodeLatin1(bytes))}'\n`);
  } else if (bytes.length < 0x100) {
    out.u8(0x55);
    out.u8(bytes.length);
    out.bytes(bytes);
  } else {
    out.u8(0x54);
    out.u32(bytes.length);
    out.bytes(bytes);
  }
}

function escapeString(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
  return text.replace(/[\\'\u0000-\u001f\u007f-\u00ff]/g, (character) =>
    character === '\\' || character === "'"
      ? `\\${character}`
      : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
