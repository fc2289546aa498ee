import { decodeUtf8 } from '@torsh/bytes';

const SHORT = 64;
const ASCII_END = 0x80;

/** Reads `length` bytes at `at` as Python's UTF-8, or gives `undefined` where they are not. */
export type TextReader = (at: number, length: number) => string | undefined;

/**
 * A reader of the strings in one pickle. Most are short and ASCII, where a `TextDecoder` costs more than the string:
 * those go through an array of exactly their length, which is kept for the next one.
 */
export function textReader(bytes: Uint8Array): TextReader {
  const rows: (number[] | undefined)[] = new Array(SHORT + 1).fill(undefined);
  return (at, length) => {
    if (length <= SHORT) {
      let row = rows[length];
      if (row === undefined) {
        row = new Array<number>(length).fill(0);
        rows[length] = row;
      }
      let index = 0;
      for (; index < length; index++) {
        const byte = bytes[at + index]!;
        if (byte >= ASCII_END) break;
        row[index] = byte;
      }
      if (index === length) return String.fromCharCode.apply(null, row);
    }
    return decodePythonUtf8(bytes.subarray(at, at + length));
  };
}

/**
 * UTF-8 as Python's `surrogatepass` reads it: lone surrogates may be encoded. JavaScript has no way to keep a high and
 * a low surrogate apart when they follow each other, so such a pair becomes one character.
 */
export function decodePythonUtf8(bytes: Uint8Array): string | undefined {
  const text = decodeUtf8(bytes);
  return text === undefined ? decodeWithSurrogates(bytes) : text;
}

function decodeWithSurrogates(bytes: Uint8Array): string | undefined {
  const parts: string[] = [];
  let from = 0;
  // An encoded surrogate is ED A0..BF 80..BF; everything between two of them must be UTF-8 by itself.
  for (let at = bytes.indexOf(0xed); at >= 0 && at + 2 < bytes.length; at = bytes.indexOf(0xed, at + 1)) {
    const second = bytes[at + 1]!;
    const third = bytes[at + 2]!;
    if (second < 0xa0 || second > 0xbf || third < 0x80 || third > 0xbf) continue;
    const before = decodeUtf8(bytes.subarray(from, at));
    if (before === undefined) return undefined;
    parts.push(before, String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f)));
    from = at + 3;
  }
  const rest = from === 0 ? undefined : decodeUtf8(bytes.subarray(from));
  return rest === undefined ? undefined : parts.join('') + rest;
}

const encoder = new TextEncoder();
const LONE = /\p{Surrogate}/u;

/** True for text that has a surrogate without its other half. */
export function hasLoneSurrogate(text: string): boolean {
  return LONE.test(text);
}

/** The UTF-8 of a text, lone surrogates encoded as Python's `surrogatepass` does. */
export function encodePythonUtf8(text: string): Uint8Array {
  if (!hasLoneSurrogate(text)) return encoder.encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code >= 0xd800 && code <= 0xdfff) {
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    } else {
      for (const byte of encoder.encode(character)) bytes.push(byte);
    }
  }
  return Uint8Array.from(bytes);
}

/** Bytes as the text in which each byte is one character. */
export function decodeLatin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}

/** The bytes of a text whose characters are all below 256; `undefined` for any other. */
export function encodeLatin1(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0xff) return undefined;
    bytes[at] = code;
  }
  return bytes;
}
