import { fromBytes, toFiles } from '@torsh/bytes';
import { expect, test } from 'vitest';
import { extractPackage } from '../../src/index.ts';
import { openTorsh, platform, smallArchive, torshBytes } from '../support.ts';

async function extracted(bytes: Uint8Array, only?: readonly string[]) {
  const output = toFiles();
  const done = await extractPackage(fromBytes(bytes), output, { platform, only });
  await output.close();
  return { files: output.files(), done };
}

test('gives every entry as it is in the package', async () => {
  const bytes = await torshBytes(smallArchive());
  const { files, done } = await extracted(bytes);
  expect([...files.keys()]).toEqual([
    'metadata/package.info',
    'code/net.py',
    'metadata/torch.json',
    'models/model.safetensors',
    'models/second.safetensors',
    'resources/config.json',
    'resources/none.txt',
    'manifest.json',
  ]);
  expect(done.map(({ path, bytes: size }) => [path, size])).toEqual(
    [...files].map(([path, all]) => [path, all.length]),
  );
  expect(new TextDecoder().decode(files.get('code/net.py'))).toBe('x = 1\n'.repeat(30));
  const { models } = await openTorsh(bytes);
  expect(files.get('models/second.safetensors')!.length).toBeGreaterThan(
    models.get('second')!.tensors.get('w')!.data.size,
  );
});

test('gives what is asked for', async () => {
  const { files } = await extracted(await torshBytes(smallArchive()), ['models/*', '*.json']);
  expect([...files.keys()]).toEqual([
    'metadata/torch.json',
    'models/model.safetensors',
    'models/second.safetensors',
    'resources/config.json',
    'manifest.json',
  ]);
});

test('damage in a tensor is found', async () => {
  const bytes = (await torshBytes(smallArchive())).slice();
  const { models } = await openTorsh(bytes);
  const { offset } = await models.get('second')!.tensors.get('w')!.data.locate!();
  bytes[offset] = bytes[offset]! ^ 1;
  await expect(extracted(bytes)).rejects.toMatchObject({ code: 'malformed' });
});
