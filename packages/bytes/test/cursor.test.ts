import { expect, it } from 'vitest';
import { cursor, decodeUtf8, TorshError } from '../src/index.ts';

const bytes = Uint8Array.from([
  0x01, // u8
  ...[0x02, 0x01], // u16 0x0102
  ...[0xff, 0xff, 0xff, 0xff], // u32, not negative
  ...[0x05, 0, 0, 0, 0x01, 0, 0, 0], // u64 2^32 + 5
  ...[0x61, 0xc3, 0xa9], // "aé"
]);

it('reads numbers, bytes and text front to back', () => {
  const from = cursor(bytes, 100);
  expect([from.u8(), from.u16(), from.u32(), from.u64()]).toEqual([1, 0x0102, 0xffffffff, 2 ** 32 + 5]);
  expect(from.position).toBe(115);
  expect(from.text(3)).toBe('aé');
  expect([from.remaining, from.bytes(0).length]).toEqual([0, 0]);
});

it('reads from a view that begins inside its buffer', () => {
  expect(cursor(bytes.subarray(1)).u16()).toBe(0x0102);
});

it.each([
  ['u8', 1],
  ['u16', 2],
  ['u32', 4],
  ['u64', 8],
] as const)('%s at the end is truncated, at its place in the file', (method, width) => {
  const from = cursor(bytes.subarray(0, width - 1 + 3), 40);
  from.skip(3);
  expect(() => from[method]()).toThrow(TorshError);
  expect(() => from[method]()).toThrow(expect.objectContaining({ code: 'truncated', offset: 43 }));
  expect(from.position).toBe(43);
});

it('refuses numbers above 2^53', () => {
  const below = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0];
  expect(cursor(Uint8Array.from(below)).u64()).toBe(Number.MAX_SAFE_INTEGER);
  const above = [0, 0, 0, 0, 0, 0, 0x20, 0];
  const wanted = expect.objectContaining({ code: 'limit', offset: 8 });
  expect(() => cursor(Uint8Array.from(above), 8).u64()).toThrow(wanted);
});

it('refuses text that is not UTF-8 and keeps a byte order mark', () => {
  const wanted = expect.objectContaining({ code: 'malformed', offset: 2 });
  expect(() => cursor(Uint8Array.of(0xc3, 0x28), 2).text(2)).toThrow(wanted);
  expect(decodeUtf8(Uint8Array.of(0xed, 0xa0, 0x80))).toBeUndefined(); // a surrogate
  expect(decodeUtf8(Uint8Array.of(0xc0, 0x80))).toBeUndefined(); // an overlong NUL
  expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa');
});
