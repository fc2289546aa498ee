import { digest, isTorshError, withLimits } from '@torsh/bytes';
import { type Format, tensorsOf } from '@torsh/core';
import { expect, it } from 'vitest';
import { type TestContext, testContext } from '../context.ts';
import { flips, type Mutation, truncations } from '../mutations.ts';
import { inputOf, type Sample } from '../samples.ts';
import type { FormatTests } from './format-tests.ts';

/** Small enough that a flipped length cannot make one try in a thousand slow. */
const limits = withLimits({ expandedBytes: 4 * 2 ** 20, inflatedBytes: 4 * 2 ** 20 });
/** More than any honest reading of a small file takes, and far less than a loop that does not end. */
const MAX_READS = 200_000;

/** A file cut off or changed anywhere ends in success or a `TorshError`, after bounded work. */
export function testDamage({ format, good, options = {} }: FormatTests): void {
  const context = testContext({ limits: { ...limits, ...options.limits } }, options.formats);
  for (const sample of options.damaged ?? good) {
    for (const [kind, make] of [
      ['cut off', truncations],
      ['flipped', flips],
    ] as const) {
      it(`survives ${sample.name} ${kind} at every byte`, async () => {
        const foreign: string[] = [];
        for (const [path, bytes] of sample.files) {
          for (const mutation of make(bytes, options.mutations)) {
            const error = await foreignError(
              format,
              { ...sample, files: replaced(sample, path, mutation) },
              context,
            );
            if (error !== undefined) foreign.push(`${path} ${mutation.what}: ${error}`);
          }
        }
        expect(foreign.slice(0, 10)).toEqual([]);
      });
    }
  }
}

function replaced({ files }: Sample, path: string, { bytes }: Mutation): ReadonlyMap<string, Uint8Array> {
  return new Map([...files, [path, bytes]]);
}

/** Detects, opens, reads and checks everything; gives what is thrown and should not be. */
async function foreignError(
  format: Format,
  sample: Sample,
  context: TestContext,
): Promise<string | undefined> {
  let reads = 0;
  const input = inputOf(sample, (source) => ({
    size: source.size,
    read: async (...args) => {
      if (++reads > MAX_READS) throw new Error(`more than ${MAX_READS} reads`);
      return source.read(...args);
    },
  }));
  try {
    await format.detect(input, context);
  } catch (error) {
    // Detection is quiet, however broken a file is.
    return `detect threw ${error}`;
  }
  for (const work of [readAll, checkAll]) {
    try {
      await work();
    } catch (error) {
      if (!isTorshError(error))
        return error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
  }
  return undefined;

  async function readAll(): Promise<void> {
    const archive = await format.reader?.open(input, context);
    if (archive === undefined) return;
    const sources = [
      ...Array.from(tensorsOf(archive), ([, { data }]) => data),
      ...Array.from(archive.resources.values(), ({ data }) => data),
    ];
    for (const source of sources) {
      await digest([source], { platform: context.platform }).catch((error: unknown) => {
        if (!isTorshError(error)) throw error;
      });
    }
  }

  async function checkAll(): Promise<void> {
    await format.reader?.check?.(input, context, (error) => {
      if (!isTorshError(error)) throw error;
    });
  }
}
