import { describe, expect, it } from 'vitest';
import { decodeSource, decodeText, wholeLines } from '../src/index.ts';

const bytes = (...codes: number[]) => Uint8Array.from(codes);

describe('decodeText', () => {
  it.each([
    ['utf-8', [0xc3, 0xa9], 'é'],
    ['latin-1', [0xe9, 0x80], 'é\x80'],
    ['cp1252', [0x80, 0x9f, 0xe9], '€Ÿé'],
    ['windows-1252', [0x41], 'A'],
    ['ascii', [0x41], 'A'],
    ['shift_jis', [0x82, 0xa0], 'あ'],
    ['utf-8', [0xef, 0xbb, 0xbf, 0x41], '\ufeffA'],
    ['utf-8-sig', [0xef, 0xbb, 0xbf, 0x41], 'A'],
  ])('%s', (encoding, codes, text) => {
    expect(decodeText(bytes(...codes), encoding)).toBe(text);
  });

  it.each([
    ['utf-8', 0xff],
    ['ascii', 0x80],
    ['cp1252', 0x81],
  ])('%s has no character for %i', (encoding, code) => {
    expect(() => decodeText(bytes(code), encoding)).toThrow(expect.objectContaining({ code: 'malformed' }));
    expect(decodeText(bytes(code), encoding, 'replace')).toBe('\ufffd');
  });
});

it('reads source in the encoding that it names', () => {
  const source = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
  expect(decodeSource(source('# coding: latin-1\r\n\xe9\rb'))).toBe('# coding: latin-1\né\nb');
  expect(decodeSource(source('\n# -*- coding: cp1252 -*-\n\x80'))).toBe('\n# -*- coding: cp1252 -*-\n€');
  expect(decodeSource(source('\xef\xbb\xbfa'))).toBe('a');
  expect(() => decodeSource(source('x\n# coding: latin-1\n\xe9'))).toThrow(/utf-8/);
  expect([wholeLines(''), wholeLines('a'), wholeLines('a\n')]).toEqual(['', 'a\n', 'a\n']);
});
