import { type ByteSink, combineCrc32, crc32, toBytes, transfer } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { checkCanonical, zipSink } from '../src/index.ts';
import { contentOf, open, platform, sparse, utf8, zipOf } from './support.ts';

const GiB = 2 ** 30;

/** The check sum of `size` zeros, by doubling. */
function crcOfZeros(size: number): number {
  let [sum, block, length] = [0, crc32(new Uint8Array(1)), 1];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) sum = combineCrc32(sum, block, length);
    block = combineCrc32(block, block, length);
    length *= 2;
  }
  return sum;
}

/** A sink that keeps what is written and only counts what is transferred: for files that nobody wants to make. */
function pretended(): ByteSink & { readonly islands: Map<number, Uint8Array> } {
  const islands = new Map<number, Uint8Array>();
  let position = 0;
  return {
    islands,
    get position() {
      return position;
    },
    async write(bytes) {
      islands.set(position, bytes.slice());
      position += bytes.length;
    },
    async transfer(sources) {
      return sources.map(({ size }) => {
        position += size;
        return { crc32: crcOfZeros(size) };
      });
    },
    async close() {},
    async abort() {},
  };
}

/** A ZIP of files of zeros, as a source that takes no memory. */
async function hugeZip(sizes: readonly (readonly [path: string, size: number, alignAt?: number])[]) {
  const sink = pretended();
  const zip = zipSink(sink, { platform });
  for (const [path, size, alignAt] of sizes) {
    const file = await zip.create(path, { size, alignAt });
    await transfer([sparse(size)], file, { platform });
    await file.close();
  }
  await zip.close();
  return sparse(sink.position, sink.islands);
}

describe('files beyond 4 GiB', () => {
  it.each([
    ['just below', 2 ** 32 - 2],
    ['at the mark', 2 ** 32 - 1],
    ['beyond', 5 * GiB],
  ])('%s 4 GiB', async (_, size) => {
    const source = await hugeZip([
      ['large', size, 24],
      ['after', 100, 0],
    ]);
    const zip = await open(source);
    expect(zip.entries.get('large')).toMatchObject({
      size,
      compressedSize: size,
      crc32: crcOfZeros(size),
      offset: 0,
    });
    for (const [path, alignAt] of [
      ['large', 24],
      ['after', 0],
    ] as const) {
      const { offset } = await zip.source(zip.entries.get(path)!).locate!();
      expect((offset + alignAt) % 64).toBe(0);
    }
    const large = (await zip.open('large'))!;
    expect(await large.read(size - 10, 10)).toEqual(new Uint8Array(10));
    await expect(large.read(size - 10, 11)).rejects.toMatchObject({ code: 'truncated' });
    expect(await contentOf(zip, 'after')).toEqual(new Uint8Array(100));
    const alignAt = (path: string) => (path === 'large' ? 24 : 0);
    await expect(checkCanonical(source, zip, alignAt)).resolves.toBeUndefined();
  });

  it('are wide in all of their records, and only they', async () => {
    const source = await hugeZip([
      ['small', 1],
      ['large', 5 * GiB],
      ['behind', 1],
    ]);
    const zip = await open(source);
    const { offset } = zip.entries.get('large')!;
    const local = await source.read(offset, 30 + 5 + 20);
    // Sizes of all ones, then the ZIP64 field: id 1, sixteen bytes of zeros that the descriptor fills.
    expect(Buffer.from(local.subarray(18, 26)).toString('hex')).toBe('f'.repeat(16));
    expect(Buffer.from(local.subarray(35)).toString('hex')).toBe(`01001000${'00'.repeat(16)}`);
    const descriptor = await source.read(offset + 55 + 5 * GiB, 24);
    const view = new DataView(descriptor.buffer, descriptor.byteOffset);
    expect([view.getUint32(0, true), view.getBigUint64(8, true)]).toEqual([0x08074b50, BigInt(5 * GiB)]);
    // The end record gives up, the ZIP64 end record knows.
    const end = await source.read(source.size - 22, 22);
    expect(Buffer.from(end).toString('hex')).toMatch(/^504b05060000000003000300........ffffffff0000$/);
    expect(zip.entries.get('behind')!.offset).toBeGreaterThan(2 ** 32);
  });
});

it('70,000 entries, which 16 bits cannot count', async () => {
  const sink = toBytes();
  const zip = zipSink(sink, { platform });
  for (let index = 0; index < 70_000; index++) {
    const file = await zip.create(`f/${index}`, { size: 1 });
    await file.write(Uint8Array.of(index & 0xff));
    await file.close();
  }
  await zip.close();
  const bytes = sink.bytes();
  const read = await open(bytes);
  expect(read.directory.count).toBe(70_000);
  expect([...(await contentOf(read, 'f/69999'))]).toEqual([69_999 & 0xff]);
  await expect(open(bytes, 'strict', { entries: 69_999 })).rejects.toMatchObject({ code: 'limit' });
});

it.each([65_534, 65_535])('%i entries have a ZIP64 end record only where it is needed', async (count) => {
  const bytes = await zipOf(
    Array.from({ length: count }, (_, index) => [`${index}`, new Uint8Array(0)] as const),
  );
  const locator = new DataView(bytes.buffer).getUint32(bytes.length - 42, true);
  expect(locator === 0x07064b50).toBe(count === 65_535);
  expect((await open(bytes)).entries.size).toBe(count);
});

it('a directory larger than allowed is not read', async () => {
  const bytes = await zipOf([['a', utf8('x')]]);
  await expect(open(bytes, 'strict', { headerBytes: 40 })).rejects.toMatchObject({ code: 'limit' });
  await expect(open(bytes, 'strict', { nameBytes: 0 })).rejects.toMatchObject({ code: 'limit' });
});
