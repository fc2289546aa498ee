import { type ByteSource, cursor, digest, fromBytes, isTorshError, withLimits } from '@torsh/bytes';
import { describe as describeArchive, type Input, tensorsOf } from '@torsh/core';
import { torchSave } from '@torsh/torch';
import { openZip } from '@torsh/zip';
import { expect, it } from 'vitest';
import { type Sample, testContext } from '../src/index.ts';

/** Small enough that a flipped length cannot make one try in a thousand slow. */
const limits = withLimits({ expandedBytes: 4 * 2 ** 20, inflatedBytes: 4 * 2 ** 20 });
/** More than any reading of these files takes, and far less than a loop that does not end. */
const MAX_READS = 10_000;
/** Bytes of weights, and bytes that only align them, all have the same part to play: one in so many is flipped. */
const STRIDE = 16;
/** One damaged file in so many is read to its last byte, all others are opened and described. */
const READ_ALL = 16;
const MASKS = [0xff, 0x01, 0x80];

const format = torchSave();
const context = testContext({ limits });

/**
 * Every file cut off at every byte, and with every byte of its container and its pickle flipped: about 680,000 damaged files
 * in all, each of which ends in success or a `TorshError`. The contract suite does the same with fewer bytes of larger
 * files and reads all that opens; here the files share what they can, so that all bytes have their turn.
 */
export function testTorchSaveDamage(samples: readonly Sample[]): void {
  it.each(samples.map((sample) => [sample.name, sample] as const))(
    '%s, cut off at every byte',
    async (_, sample) => {
      const bytes = bytesOf(sample);
      const foreign: string[] = [];
      for (let size = 0; size < bytes.length; size++) {
        await attempt(bytes.subarray(0, size), size % READ_ALL === 0, `cut off at ${size}`, foreign);
      }
      expect(foreign.slice(0, 10)).toEqual([]);
    },
  );

  it.each(samples.map((sample) => [sample.name, sample] as const))(
    '%s, each byte flipped',
    async (_, sample) => {
      const bytes = bytesOf(sample).slice();
      const dull = await dullPlaces(bytes);
      const foreign: string[] = [];
      let tries = 0;
      for (let at = 0; at < bytes.length; at++) {
        if (dull[at] === 1 && at % STRIDE !== 0) continue;
        const mask = MASKS[at % MASKS.length]!;
        bytes[at]! ^= mask;
        await attempt(
          bytes,
          tries++ % READ_ALL === 0,
          `byte ${at} flipped by 0x${mask.toString(16)}`,
          foreign,
        );
        bytes[at]! ^= mask;
      }
      expect(foreign.slice(0, 10)).toEqual([]);
      expect(bytes).toEqual(bytesOf(sample));
      expect(tries).toBeGreaterThan(bytes.length / STRIDE);
    },
  );
}

function bytesOf({ files }: Sample): Uint8Array {
  const [bytes] = files.values();
  return bytes!;
}

/** Detects, opens and describes; keeps what is thrown and should not be. */
async function attempt(bytes: Uint8Array, readAll: boolean, what: string, foreign: string[]): Promise<void> {
  const source = fromBytes(bytes);
  let reads = 0;
  const counted: ByteSource = {
    size: source.size,
    async read(offset, length, options) {
      if (++reads > MAX_READS) throw new Error(`more than ${MAX_READS} reads`);
      return source.read(offset, length, options);
    },
  };
  const input: Input = { files: { async *list() {}, open: async () => counted }, entry: 'x.pt' };
  // Half of the time would go into stacks that nobody looks at.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    await format.detect(input, context);
    await quiet(() => openAndDescribe(input, readAll));
    if (readAll) await quiet(() => format.reader!.check!(input, context, rethrowForeign));
  } catch (error) {
    foreign.push(`${what}: ${error}`);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function openAndDescribe(input: Input, readAll: boolean): Promise<void> {
  const archive = await format.reader!.open(input, context);
  await describeArchive(archive, [], context);
  if (!readAll) return;
  for (const [, { data }] of tensorsOf(archive)) {
    await quiet(() => digest([data], { platform: context.platform }));
  }
}

async function quiet(work: () => Promise<unknown>): Promise<void> {
  await work().catch(rethrowForeign);
}

function rethrowForeign(error: unknown): void {
  if (!isTorshError(error)) throw error;
}

/** 1 for each byte of a storage, and of the fields of local headers that only move storages to round places. */
async function dullPlaces(bytes: Uint8Array): Promise<Uint8Array> {
  const dull = new Uint8Array(bytes.length);
  const zip = await openZip(fromBytes(bytes), { ...context, strictness: 'tolerant' });
  for (const { path, offset, compressedSize } of zip.entries.values()) {
    const from = cursor(bytes.subarray(offset + 26, offset + 30), offset + 26);
    const [nameBytes, extraBytes] = [from.u16(), from.u16()];
    const extra = offset + 30 + nameBytes;
    // The first four bytes are the id and the length of the field.
    dull.fill(1, extra + 4, extra + extraBytes);
    if (path.includes('/data/')) dull.fill(1, extra + extraBytes, extra + extraBytes + compressedSize);
  }
  return dull;
}
