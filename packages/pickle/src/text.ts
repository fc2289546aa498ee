import { MAX_DIGITS, toInt } from './integer.ts';
import { decodeLatin1 } from './utf8.ts';

// The text opcodes of protocol 0, read as CPython's C unpickler reads them: it goes through `strtol` and
// `PyLong_FromString`, which take more than Python's own writers ever write. Each function gets one line without its
// newline and gives `undefined` where CPython refuses it.

/** What INT means: `00` and `01` are booleans, a leading `0` is octal, `0x10` and `1_0` are numbers too. */
export function parseIntLine(line: Uint8Array): number | bigint | boolean | undefined {
  const text = untilNul(line);
  // `strtol` finds no digit before the zero byte and says 0.
  if (text === '' && line.length > 0) return line.length === 2 ? false : 0;
  const simple = /^[\t\n\v\f\r ]*([+-]?)(0[xX][0-9a-fA-F]+|[0-9]+)$/.exec(text);
  if (simple !== null && text.length <= MAX_DIGITS) {
    const digits = simple[2]!;
    const octal = /^0[0-7]+$/.test(digits);
    // `strtol` gives up at a digit that is not octal, and what comes next refuses a leading zero.
    if (/^0[0-9]/.test(digits) && !octal && !/^0+$/.test(digits)) return undefined;
    const magnitude = BigInt(octal ? `0o${digits}` : digits);
    const value = simple[1] === '-' ? -magnitude : magnitude;
    if (octal && BigInt.asIntN(64, value) !== value) return undefined;
    if (line.length === 2 && (value === 0n || value === 1n)) return value === 1n;
    return toInt(value);
  }
  return parsePythonInt(text);
}

/** What LONG means: an integer literal of Python, with or without its final `L`. */
export function parseLongLine(line: Uint8Array): number | bigint | undefined {
  const text = untilNul(line);
  return parsePythonInt(line.at(-1) === 0x4c && text.length === line.length ? text.slice(0, -1) : text);
}

/** What FLOAT means. */
export function parseFloatLine(line: Uint8Array): number | undefined {
  const text = untilNul(line);
  if (/^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  const word = /^([+-]?)(?:(inf|infinity)|nan)$/i.exec(text);
  if (word === null) return undefined;
  if (word[2] === undefined) return Number.NaN;
  return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** A memo index of PUT or GET; negative numbers are given back as such. */
export function parseIndexLine(line: Uint8Array): number | undefined {
  const match = /^[\t\n\v\f\r ]*([+-]?)([0-9]+(?:_[0-9]+)*)[\t\n\v\f\r ]*$/.exec(untilNul(line));
  if (match === null || match[2]!.length > MAX_DIGITS) return undefined;
  const value = Number(match[2]!.replaceAll('_', ''));
  if (!Number.isSafeInteger(value)) return undefined;
  return match[1] === '-' && value > 0 ? -value : value;
}

/** The bytes that STRING means: a quoted line with the escapes of Python's bytes literals. */
export function parseStringLine(line: Uint8Array): Uint8Array | undefined {
  const quote = line[0];
  if (line.length < 2 || (quote !== 0x27 && quote !== 0x22) || line.at(-1) !== quote) return undefined;
  const inner = line.subarray(1, -1);
  if (!inner.includes(0x5c)) return inner;
  const result = new Uint8Array(inner.length);
  let length = 0;
  for (let at = 0; at < inner.length; ) {
    const byte = inner[at++]!;
    if (byte !== 0x5c) {
      result[length++] = byte;
      continue;
    }
    if (at === inner.length) return undefined;
    const letter = inner[at++]!;
    const plain = ESCAPES.get(letter);
    if (plain !== undefined) {
      result[length++] = plain;
    } else if (isOctal(letter)) {
      let value = letter - 0x30;
      for (let digits = 1; digits < 3 && isOctal(inner[at]); digits++)
        value = value * 8 + inner[at++]! - 0x30;
      result[length++] = value;
    } else if (letter === 0x78) {
      const value = hexadecimal(inner, at, 2);
      if (value === undefined) return undefined;
      result[length++] = value;
      at += 2;
    } else {
      result[length++] = byte;
      result[length++] = letter;
    }
  }
  return result.subarray(0, length);
}

const ESCAPES: ReadonlyMap<number | undefined, number> = new Map(
  [...'\\\'"bftnrva'].map((name, index) => [
    name.charCodeAt(0),
    [92, 39, 34, 8, 12, 9, 10, 13, 11, 7][index]!,
  ]),
);

function isOctal(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x37;
}

/** JavaScript engines have no longer text than this. */
const MAX_TEXT = 2 ** 29 - 24;

/** The text that UNICODE means: Latin-1 with `\uXXXX` and `\UXXXXXXXX`. */
export function parseUnicodeLine(line: Uint8Array): string | undefined {
  if (line.length > MAX_TEXT) return undefined;
  if (!line.includes(0x5c)) return decodeLatin1(line);
  const parts: string[] = [];
  let from = 0;
  for (let at = line.indexOf(0x5c); at >= 0 && at + 1 < line.length; ) {
    const letter = line[at + 1];
    if (letter !== 0x75 && letter !== 0x55) {
      // The backslash and what follows stand for themselves, so that `\\u0041` is no escape.
      at = line.indexOf(0x5c, at + 2);
      continue;
    }
    const count = letter === 0x75 ? 4 : 8;
    const code = hexadecimal(line, at + 2, count);
    if (code === undefined || code > 0x10ffff) return undefined;
    parts.push(decodeLatin1(line.subarray(from, at)), String.fromCodePoint(code));
    from = at + 2 + count;
    at = line.indexOf(0x5c, from);
  }
  parts.push(decodeLatin1(line.subarray(from)));
  return parts.join('');
}

function hexadecimal(bytes: Uint8Array, at: number, count: number): number | undefined {
  if (at + count > bytes.length) return undefined;
  const text = decodeLatin1(bytes.subarray(at, at + count));
  return /^[0-9a-fA-F]+$/.test(text) ? Number.parseInt(text, 16) : undefined;
}

/** `PyLong_FromString` with base 0. */
function parsePythonInt(text: string): number | bigint | undefined {
  const match =
    /^[\t\n\v\f\r ]*([+-]?)(0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|[1-9](?:_?[0-9])*|0(?:_?0)*)[\t\n\v\f\r ]*$/.exec(
      text.length > 8 * MAX_DIGITS ? '' : text,
    );
  if (match === null) return undefined;
  const digits = match[2]!.replaceAll('_', '');
  if (digits.length > MAX_DIGITS && !/^0[xob]/i.test(digits)) return undefined;
  const magnitude = BigInt(digits);
  return toInt(match[1] === '-' ? -magnitude : magnitude);
}

/** C sees a line as text up to its first zero byte. Longer lines than any number has are cut: they stay refused. */
function untilNul(whole: Uint8Array): string {
  const line = whole.subarray(0, 8 * MAX_DIGITS + 1);
  const nul = line.indexOf(0);
  return decodeLatin1(nul < 0 ? line : line.subarray(0, nul));
}
