import { fromBytes, fromFiles } from '@torsh/bytes';
import { expect, it } from 'vitest';
import { onnx } from '../src/index.ts';
import { lent } from './fixtures.ts';
import { bytesFrom } from './wire.ts';

async function claim(entry: string, bytes: Uint8Array): Promise<string | undefined> {
  const files = fromFiles(new Map([[entry, fromBytes(bytes)]]));
  return (await onnx().detect({ files, entry }, lent()))?.confidence;
}

const model = '08 0a 3a 03 12 01 67';
const unknown = 'a0 3f 05';

it('takes a file of the fields of a model for one, whatever its name is', async () => {
  expect(await claim('m', bytesFrom(model))).toBe('certain');
  expect(await claim('m', bytesFrom(model, unknown))).toBe('certain');
});

it('takes a file that begins with a field of the future for a model only where its name says so', async () => {
  expect(await claim('m', bytesFrom(unknown, model))).toBeUndefined();
  expect(await claim('m.onnx', bytesFrom(unknown, model))).toBe('certain');
});

it('does not go by the name alone', async () => {
  expect(await claim('m.onnx', bytesFrom(unknown))).toBeUndefined();
  expect(await claim('m.onnx', new TextEncoder().encode('version https://git-lfs'))).toBeUndefined();
  expect(await claim('m.onnx', bytesFrom(model, 'c3 3e c4 3e'))).toBe('likely');
});
