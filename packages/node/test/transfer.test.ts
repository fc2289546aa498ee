import { createHash } from 'node:crypto';
import fs from 'node:fs';
import {
  type ByteSource,
  concat,
  type Digests,
  digest,
  expecting,
  fromBytes,
  slice,
  type TransferOptions,
  toBytes,
  transfer,
} from '@torsh/bytes';
import { expect, test, vi } from 'vitest';
import { digestInParallel, nodePlatform, type OpenFile, openFile, toFile } from '../src/index.ts';
import { planJobs } from '../src/transfer-jobs.ts';
import { folderForTests, noise, refused } from './folder-for-tests.ts';

const at = folderForTests();
const MiB = 2 ** 20;
const platform = nodePlatform;
const names = (): string[] => fs.readdirSync(at('.')).sort();

async function file(length: number, seed = 1): Promise<OpenFile> {
  fs.writeFileSync(at(`source-${seed}`), noise(length, seed));
  return openFile(at(`source-${seed}`));
}

/** A source that nothing is known of but how to read it. */
function opaque(source: ByteSource, block?: number): ByteSource {
  return {
    size: source.size,
    block,
    read: (offset, length, options) => source.read(offset, length, options),
  };
}

/** Numbers that look random and are the same in every run. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Moves sources in the plain way of `@torsh/bytes` and in ours; both must agree in bytes and digests. */
async function compare(sources: readonly ByteSource[], options: Partial<TransferOptions>): Promise<void> {
  const plain = toBytes();
  const lent = { platform, ...options };
  const expected = await transfer(sources, plain, lent);
  await plain.close();

  let seen = 0;
  const sink = await toFile(at('out'), { force: true });
  await sink.write(Buffer.from('head'));
  const counting: TransferOptions = {
    ...lent,
    progress: (bytes) => {
      seen += bytes;
    },
  };
  const found = await transfer(sources, sink, counting);
  await sink.write(Buffer.from('tail'));
  expect(sink.position).toBe(plain.position + 8);
  await sink.close();
  const written = fs.readFileSync(at('out'));
  expect(written.equals(Buffer.concat([Buffer.from('head'), plain.bytes(), Buffer.from('tail')]))).toBe(true);
  expect(found).toEqual(expected);
  expect(seen).toBe(plain.position);
  const wholly = { ...lent, crc32: options.crc32 ?? true };
  expect(await digestInParallel(sources, wholly)).toEqual(await digest(sources, wholly));
}

const wishes: [string, Partial<TransferOptions>][] = [
  ['no digests', {}],
  ['crc32', { crc32: true }],
  ['sha256', { sha256: true }],
  ['both digests', { crc32: true, sha256: true }],
];

test.each(wishes)('moves random lists of pieces like the plain copy: %s', async (_, options) => {
  const one = await file(3 * MiB, 1);
  const two = await file(1 * MiB, 2);
  for (let seed = 1; seed <= 6; seed++) {
    const roll = dice(seed);
    const sources = Array.from({ length: 1 + roll(300) }, () => {
      const from = roll(2) === 0 ? one : two;
      const most = [1, 40, 5000, 70_000, 700_000][roll(5)]!;
      const length = Math.min(roll(most), from.size);
      const piece = slice(from, roll(from.size - length + 1), length);
      const kind = roll(8);
      if (kind === 0) return opaque(piece, [undefined, 1000, 300_000][roll(3)]);
      if (kind === 1) return fromBytes(noise(roll(3000), seed));
      if (kind === 2) return concat([piece, piece]);
      return piece;
    });
    await compare(sources, options);
  }
  await compare([], options);
  await compare([fromBytes(new Uint8Array(0)), slice(one, 5, 0), one], options);
  await one.close();
  await two.close();
});

test.each(wishes)('moves large pieces with threads: %s', async (_, options) => {
  const one = await file(60 * MiB + 12_345);
  const bounds = [0, 10, 10, 1000, 5 * MiB, 5 * MiB + 7, 50 * MiB + 1, one.size];
  const parts = bounds.slice(1).map((end, index) => slice(one, bounds[index]!, end - bounds[index]!));
  await compare([...parts, opaque(parts[4]!), fromBytes(noise(100))].reverse(), options);
  // One piece that is nearly everything is summed by one thread and copied by the others.
  await compare([parts[2]!, one], options);
  await one.close();
});

test('a hundred thousand small pieces, in an order that is not the order of the file', async () => {
  const one = await file(4 * MiB);
  const roll = dice(3);
  const sources = Array.from({ length: 100_000 }, () => slice(one, roll(one.size - 20), 20));
  const options: TransferOptions = { platform, sha256: true, crc32: true };
  const sink = await toFile(at('out'));
  const found = await transfer(sources, sink, options);
  await sink.close();
  const written = fs.readFileSync(at('out'));
  for (let index = 0; index < sources.length; index += 997) {
    const piece = written.subarray(index * 20, index * 20 + 20);
    expect(Buffer.from(await sources[index]!.read(0, 20)).equals(piece)).toBe(true);
    expect(found[index]).toEqual({
      crc32: platform.crc32(piece),
      sha256: createHash('sha256').update(piece).digest('hex'),
    });
  }
  await one.close();
});

test('many calls, small and large, share one file and one crew', async () => {
  const one = await file(20 * MiB);
  const sink = await toFile(at('out'));
  const options: TransferOptions = { platform, crc32: true, sha256: true };
  const parts: Buffer[] = [];
  for (let round = 0; round < 12; round++) {
    const source = slice(one, round * 1000, round % 3 === 0 ? 100 : 8 * MiB);
    const [found] = await transfer([source], sink, options);
    await sink.write(Buffer.from([round]));
    const bytes = Buffer.from(await source.read(0, source.size));
    expect(found).toEqual((await digest([fromBytes(bytes)], options))[0]);
    parts.push(bytes, Buffer.from([round]));
  }
  await sink.close();
  expect(fs.readFileSync(at('out')).equals(Buffer.concat(parts))).toBe(true);
  await one.close();
});

test.each([1, 60])('damage is found in pieces of %i MiB', async (size) => {
  const one = await file(size * MiB);
  const good = (await digest([one], { platform, crc32: true, sha256: true }))[0] as Required<Digests>;
  const right = expecting(one, { crc32: good.crc32!, sha256: good.sha256!, path: 'right' });
  const wrong = expecting(one, { crc32: good.crc32! ^ 1, path: 'wrong' });
  const worse = expecting(one, { sha256: '0'.repeat(64), path: 'worse' });
  const sink = await toFile(at('out'));
  expect(await transfer([right], sink, { platform })).toEqual([good]);
  await refused(transfer([right, wrong], sink, { platform }), 'malformed', 'wrong');
  await refused(digestInParallel([worse, right], { platform }), 'malformed', 'worse');
  const damaged: string[] = [];
  const options: TransferOptions = {
    platform,
    damaged: (source, error) => damaged.push(`${source.expected?.path} ${error.code}`),
  };
  await transfer([wrong, right, worse], sink, options);
  expect(damaged).toEqual(['wrong malformed', 'worse malformed']);
  await sink.abort();
  await one.close();
});

test.each([1, 60])('a source that shrinks is told (%i MiB)', async (size) => {
  const one = await file(size * MiB);
  fs.truncateSync(one.path, size * MiB - 1000);
  const sink = await toFile(at('out'));
  const error = await refused(transfer([one], sink, { platform, sha256: true }), 'truncated', one.path);
  expect(error).toMatchObject({ offset: size * MiB - 1000 });
  const small = Array.from({ length: 100 }, () => slice(one, size * MiB - 500, 20));
  await refused(transfer(small, sink, { platform }), 'truncated', one.path);
  await sink.abort();
  expect(names()).toEqual(['source-1']);
  await one.close();
});

test('a source that changes meanwhile is told', async () => {
  const one = await file(60 * MiB);
  const sink = await toFile(at('out'));
  let changed = false;
  const progress = (): void => {
    if (!changed) fs.utimesSync(one.path, 1, 1);
    changed = true;
  };
  await refused(transfer([one], sink, { platform, sha256: true, progress }), 'io', one.path);
  await sink.abort();
  await one.close();
});

test.each([8, 60])('an abort in the middle of %i MiB leaves nothing', async (size) => {
  const one = await file(size * MiB);
  const reason = new Error('enough');
  for (const source of [one, opaque(one)]) {
    const abort = new AbortController();
    let seen = 0;
    const options: TransferOptions = {
      platform,
      sha256: true,
      signal: abort.signal,
      progress: (bytes) => {
        seen += bytes;
        abort.abort(reason);
      },
    };
    const sink = await toFile(at('out'));
    await expect(transfer([source], sink, options)).rejects.toBe(reason);
    expect(seen).toBeLessThan(one.size);
    await sink.abort(reason);
    await expect(digestInParallel([source], options)).rejects.toBe(reason);
    expect(names()).toEqual(['source-1']);
  }
  await one.close();
});

test('a timer can abort what is made in memory', async () => {
  const bytes = noise(MiB);
  const sources = Array.from({ length: 400 }, () => fromBytes(bytes));
  const signal = AbortSignal.timeout(10);
  const sink = await toFile(at('out'));
  await expect(transfer(sources, sink, { platform, sha256: true, signal })).rejects.toThrow('timeout');
  await sink.abort();
});

test('giving up a sink stops the transfer to it first', async () => {
  const one = await file(60 * MiB);
  const sink = await toFile(at('out'));
  const moving = transfer([one, one, one], sink, { platform, sha256: true });
  await expect(sink.write(Buffer.from('x'))).rejects.toThrow(TypeError);
  const reason = new Error('enough');
  const stopped = expect(moving).rejects.toBe(reason);
  await sink.abort(reason);
  await stopped;
  expect(names()).toEqual(['source-1']);
  await one.close();
});

test('a failing source stops the threads', async () => {
  const one = await file(60 * MiB);
  const lost = new Error('the network is gone');
  const failing: ByteSource = { size: 10, read: () => Promise.reject(lost) };
  const sink = await toFile(at('out'));
  await expect(transfer([one, failing], sink, { platform, sha256: true })).rejects.toBe(lost);
  await sink.abort();
  await one.close();
});

test('a write that fails is told', async () => {
  const one = await file(MiB);
  const sink = await toFile(at('out'));
  const write = vi.spyOn(fs, 'writeSync').mockImplementation(() => {
    throw Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' });
  });
  await refused(transfer([one], sink, { platform }), 'io', at('out'));
  write.mockRestore();
  await sink.abort();
  await one.close();
});

test('jobs: small pieces are gathered, long ones divided where they may be', () => {
  const piece = (length: number, position: number, sha256 = false) => {
    return { fd: 1, offset: 0, length, position, crc32: true, sha256 };
  };
  const count = (pieces: ReturnType<typeof piece>[], threads: number): number =>
    planJobs(pieces, threads, 2).tables.jobs.byteLength / 40;
  expect(count([piece(20, 0), piece(0, 20), piece(20, 20)], 1)).toBe(1);
  expect(count([piece(20, 0), piece(20, 21)], 1)).toBe(2);
  expect(count([piece(64 * MiB, 0)], 1)).toBe(1);
  expect(count([piece(64 * MiB, 0)], 2)).toBe(4);
  expect(count([piece(64 * MiB, 0, true)], 2)).toBe(5);
  expect(count([piece(64 * MiB, 0, true), piece(64 * MiB, 64 * MiB, true)], 2)).toBe(2);
});
