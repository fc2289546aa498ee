import { type ByteSource, defaultLimits, fromBytes, isTorshError } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { type FrontEntry, readFront } from '../src/index.ts';
import { sparse, utf8, zipOf } from './support.ts';

type Promised = Readonly<Record<string, number>>;

async function walk(
  zip: Uint8Array | ByteSource,
  promised: Promised = {},
  limits = {},
): Promise<FrontEntry[]> {
  const source = zip instanceof Uint8Array ? fromBytes(zip) : zip;
  const found: FrontEntry[] = [];
  const options = {
    limits: { ...defaultLimits, ...limits },
    promised: (path: string): number | undefined => promised[path],
  };
  for await (const each of readFront(source, options)) found.push(each);
  return found;
}

const told = ({ entry, state, present }: FrontEntry) =>
  `${entry.path} ${state} ${present} of ${entry.compressedSize} to ${entry.end}`;

/** Header fields in the order of APPNOTE 4.3.7. */
function header(name: string, fields: { flags: number; method?: number; size?: number; extra?: number[] }) {
  const { flags, method = 0, size = 0, extra = [] } = fields;
  const u16 = (value: number) => [value & 0xff, value >> 8];
  const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];
  return Uint8Array.from([
    ...[0x50, 0x4b, 3, 4, 0, 0],
    ...[...u16(flags), ...u16(method), 0, 0, 0, 0],
    ...[...u32(0), ...u32(size), ...u32(size)],
    ...[...u16(name.length), ...u16(extra.length), ...utf8(name), ...extra],
  ]);
}

const joined = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const DESCRIBED = 0x808;
const descriptor = (size: number) =>
  Uint8Array.from([0x50, 0x4b, 7, 8, 1, 2, 3, 4, size, 0, 0, 0, size, 0, 0, 0]);

describe('a ZIP without its directory', () => {
  it('is read as far as each header leads to the next', async () => {
    const zip = await zipOf([
      ['a', utf8('first')],
      ['b', utf8('')],
      ['c', utf8('third')],
    ]);
    const found = await walk(zip);
    expect(found.map(({ entry, state }) => `${entry.path} ${entry.size} ${state}`)).toEqual([
      'a 5 whole',
      'b 0 whole',
      'c 5 whole',
    ]);
    const end = found[1]!.entry.end;
    expect((await walk(zip.subarray(0, end))).map(({ entry }) => entry.path)).toEqual(['a', 'b']);
    expect((await walk(zip.subarray(0, end + 20))).map(({ entry }) => entry.path)).toEqual(['a', 'b']);
  });

  it('takes the length from who knows it, and from the descriptor itself where nobody does', async () => {
    // The bytes of an entry may look like the descriptor of another, and like a header.
    const content = joined(utf8('x'), descriptor(9), header('no', { flags: 0 }));
    const zip = joined(
      header('a', { flags: DESCRIBED }),
      content,
      descriptor(content.length),
      header('b', { flags: 0x800 }),
    );
    const end = zip.length - 31;
    const expected = [
      `a whole ${content.length} of ${content.length} to ${end}`,
      `b whole 0 of 0 to ${zip.length}`,
    ];
    expect((await walk(zip, { a: content.length })).map(told)).toEqual(expected);
    expect((await walk(zip)).map(told)).toEqual(expected);
    // Who is wrong is not believed.
    expect((await walk(zip, { a: 20 })).map(told)).toEqual(expected);
  });

  it('tells bytes that are not all there from bytes that nothing confirms', async () => {
    const zip = joined(header('a', { flags: DESCRIBED }), utf8('12345'), descriptor(5));
    const states = (length: number) => walk(zip.subarray(0, length), { a: 5 }).then((all) => all.map(told));
    expect(await states(30)).toEqual([]);
    expect(await states(31)).toEqual(['a cut 0 of 5 to 31']);
    expect(await states(35)).toEqual(['a cut 4 of 5 to 35']);
    for (let length = 36; length < 52; length++)
      expect(await states(length)).toEqual([`a unconfirmed 5 of 5 to ${length}`]);
    expect(await states(52)).toEqual(['a whole 5 of 5 to 52']);
    zip[36] = 0;
    expect(await states(44)).toEqual(['a damaged 5 of 5 to 0']);
  });

  it('goes on behind a damaged descriptor if the next header is where it should be', async () => {
    const zip = joined(
      header('a', { flags: DESCRIBED }),
      utf8('12345'),
      descriptor(6),
      header('b', { flags: 0x800 }),
    );
    expect((await walk(zip, { a: 5 })).map(told)).toEqual([
      'a damaged 5 of 5 to 52',
      `b whole 0 of 0 to ${zip.length}`,
    ]);
  });

  it('understands the ZIP64 field of PyTorch, behind zeros, and the descriptor of eight bytes', async () => {
    const size = 2 ** 32 + 5;
    const u64 = (value: number) => [(value % 2 ** 32) & 0xff, 0, 0, 0, Math.floor(value / 2 ** 32), 0, 0, 0];
    const extra = [1, 0, 16, 0, ...u64(size), ...u64(0)];
    const first = header('a', { flags: DESCRIBED, extra });
    const end = Uint8Array.from([0x50, 0x4b, 7, 8, 0, 0, 0, 0, ...u64(size), ...u64(size)]);
    const last = header('b', { flags: 0x800 });
    const start = first.length;
    const islands = new Map([
      [0, first],
      [start + size, end],
      [start + size + 24, last],
    ]);
    const zip = sparse(start + size + 24 + last.length, islands);
    expect((await walk(zip, { a: size })).map(told)).toEqual([
      `a whole ${size} of ${size} to ${start + size + 24}`,
      `b whole 0 of 0 to ${zip.size}`,
    ]);
    expect((await walk(sparse(start + size + 18, islands), { a: size })).map(told)).toEqual([
      `a unconfirmed ${size} of ${size} to ${start + size + 18}`,
    ]);
  });

  it.each([
    ['two entries of one name', [header('a', { flags: 0 }), header('A', { flags: 0 })], {}, 'unsafe'],
    ['a path that leaves', [header('../a', { flags: 0 })], {}, 'unsafe'],
    ['an encrypted entry', [header('a', { flags: 1 })], {}, 'unsupported'],
    ['another method', [header('a', { flags: 0, method: 12 })], {}, 'unsupported'],
    [
      'more entries than allowed',
      [header('a', { flags: 0 }), header('b', { flags: 0 })],
      { entries: 1 },
      'limit',
    ],
  ] as const)('refuses %s', async (_, parts, limits, code) => {
    const error = await walk(joined(...parts), {}, limits).catch((caught: unknown) => caught);
    expect(isTorshError(error) && error.code).toBe(code);
  });
});
