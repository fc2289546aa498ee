import { expect, test } from 'vitest';
import { fromStream, TorshError } from '../src/index.ts';
import { numbered } from './support.ts';

const bytes = numbered(1000);
const wrong = (found: number) => new TorshError('malformed', `found ${found}`);

function streamed(size: number, block = 64) {
  let begun = 0;
  const source = fromStream(
    size,
    async function* () {
      begun++;
      yield new Uint8Array(0);
      for (let at = 0; at < bytes.length; at += block) yield bytes.subarray(at, at + block);
    },
    wrong,
  );
  return { source, begun: () => begun };
}

test('reads forward in one pass, and begins again for what lies behind', async () => {
  const { source, begun } = streamed(bytes.length);
  expect(await source.read(10, 100)).toEqual(bytes.subarray(10, 110));
  expect(await source.read(500, 500)).toEqual(bytes.subarray(500));
  expect(begun()).toBe(1);
  expect(await source.read(0, 1000)).toEqual(bytes);
  expect(begun()).toBe(2);
});

test('several at once wait for each other', async () => {
  const { source } = streamed(bytes.length);
  const reads = [900, 0, 300].map((at) => source.read(at, 100));
  for (const [index, at] of [900, 0, 300].entries())
    expect(await reads[index]).toEqual(bytes.subarray(at, at + 100));
});

test('a stream of another length is an error', async () => {
  await expect(streamed(999).source.read(0, 999)).rejects.toMatchObject({ code: 'malformed' });
  await expect(streamed(1001).source.read(0, 1001)).rejects.toMatchObject({ code: 'malformed' });
  expect(await streamed(1001).source.read(0, 1000)).toEqual(bytes);
});
