import { type ByteSource, fromBytes, locate, toFiles } from '@torsh/bytes';
import { type Archive, archive, model, tensorsOf } from '@torsh/core';
import { expect, it } from 'vitest';
import { testContext } from '../context.ts';
import { type CountingSource, countingSource, sparseSource } from '../sources.ts';
import type { FormatTests } from './format-tests.ts';

const BIG = 4 * 2 ** 20;
/** What ZIP readers take from the end of a file at once, and as much again for heads. */
const SLACK = 160 * 1024;

/** Opening reads headers; weights are read when someone asks. */
export function testLaziness({ format, options = {} }: FormatTests): void {
  const { reader, writer } = format;
  if (reader === undefined || (options.big === undefined && writer === undefined)) return;

  it('opens a large file without reading its weights', async () => {
    const { source, entry } = options.big ?? (await bigFile());
    const counted = countingSource(source);
    const files = { list: async function* () {}, open: async () => counted };
    const opened = await reader.open({ files, entry }, testContext({}, options.formats));
    const weights = await weightsIn(opened, counted);
    expect(weights).toBeGreaterThan(source.size / 2);
    expect(counted.bytes).toBeLessThanOrEqual(source.size - weights + (options.slack ?? SLACK));
  });

  async function bigFile(): Promise<{ source: ByteSource; entry: string }> {
    const tensor = { name: 'weight', dtype: 'U8', shape: [BIG], data: sparseSource(BIG) } as const;
    const output = toFiles();
    const entry = `big${writer!.suffix}`;
    await writer!.write(archive('test', { models: [model([tensor])] }), output, entry, testContext());
    await output.close();
    return { source: fromBytes(output.files().get(entry)!), entry };
  }
}

/** Bytes of the file that are weights, as far as tensors are windows on it. */
async function weightsIn(opened: Archive, file: CountingSource): Promise<number> {
  const stretches = new Map<number, number>();
  for (const [, { data }] of tensorsOf(opened)) {
    const { root, offset } = await locate(data);
    if (root === file) stretches.set(offset, Math.max(stretches.get(offset) ?? 0, data.size));
  }
  return [...stretches.values()].reduce((sum, size) => sum + size, 0);
}
