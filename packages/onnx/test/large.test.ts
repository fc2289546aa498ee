import { type ByteSource, checkRead, concat, fromBytes, fromFiles } from '@torsh/bytes';
import { expect, it } from 'vitest';
import { onnx } from '../src/index.ts';
import { planFiles } from '../src/write/plan-files.ts';
import { changed, lent, openFixture } from './fixtures.ts';
import { bytesFrom, message, text, varint } from './wire.ts';

const SIZE = 3 * 2 ** 30;

/** Zeros that take no memory. */
const zeros: ByteSource = {
  size: SIZE,
  async read(offset, length) {
    checkRead(SIZE, offset, length);
    return new Uint8Array(length);
  },
};

/** A model of three gigabytes in one file, which protobuf does not allow. */
function large(): ByteSource {
  const head = [...varint(1, SIZE), ...varint(2, 2), ...text(8, 'w'), ...bytesFrom('4a 80 80 80 80 0c')];
  const tensor = [...bytesFrom('2a'), ...varint(0, head.length + SIZE).subarray(1), ...head];
  const output = message(12, text(1, 'w'));
  const graph = [
    ...bytesFrom('3a'),
    ...varint(0, tensor.length + SIZE + output.length).subarray(1),
    ...tensor,
  ];
  return concat([fromBytes(Uint8Array.from([...varint(1, 10), ...graph])), zeros, fromBytes(output)]);
}

const sizes = (files: Awaited<ReturnType<typeof planFiles>>) =>
  files.map(({ path, pieces }) => [path, pieces.reduce((sum, { size }) => sum + size, 0)]);

it('a model of more than 2 GiB is read, and given back as it was', async () => {
  const source = large();
  const archive = await onnx().reader!.open(
    { files: fromFiles(new Map([['m.onnx', source]])), entry: 'm.onnx' },
    lent(),
  );
  expect(archive.models.get('model')!.tensors.get('w')).toMatchObject({
    shape: [SIZE],
    data: { size: SIZE },
  });
  expect(sizes(await planFiles(archive, 'm.onnx', {}, lent()))).toEqual([['m.onnx', source.size]]);
});

it('a model that would have more than 2 GiB gets a file beside it', async () => {
  const source = await openFixture('ir-8.onnx');
  const change = { dtype: 'U8', shape: [SIZE], data: zeros };
  const edited = changed(source, (name) => (name === 'w' ? change : undefined));
  const planned = sizes(await planFiles(edited, 'm.onnx', {}, lent()));
  expect(planned).toEqual([
    ['m.onnx.data', SIZE],
    ['m.onnx', expect.any(Number)],
  ]);
  expect(planned[1]![1]).toBeLessThan(1000);
});
