import { fromBytes, type Platform } from '@torsh/bytes';
import { openZip } from '@torsh/zip';
import { expect, it } from 'vitest';
import { archive, model, readSafetensors, torsh } from '../../src/index.ts';
import { contextOf, inputOf, platform, resource, smallArchive, tensor, torshBytes } from '../support.ts';

const zipOf = (bytes: Uint8Array) => openZip(fromBytes(bytes), { ...contextOf(), strictness: 'strict' });

it('says what it is in its first 61 bytes', async () => {
  const bytes = await torshBytes(archive('test', {}));
  const text = Buffer.from(bytes.subarray(0, 61)).toString('latin1');
  expect(text.slice(0, 4)).toBe('PK\x03\x04');
  expect(text.slice(30)).toBe('metadata/package.infotorsh 1.0\n');
  expect(text.slice(51)).toBe('torsh 1.0\n');
});

it('has info first, the manifest last, everything else by path', async () => {
  const { entries } = await zipOf(await torshBytes(smallArchive()));
  expect([...entries.keys()]).toEqual([
    'metadata/package.info',
    'code/net.py',
    'metadata/torch.json',
    'models/model.safetensors',
    'models/second.safetensors',
    'resources/config.json',
    'resources/none.txt',
    'manifest.json',
  ]);
});

it('orders paths by their UTF-8 bytes, not by their UTF-16 units', async () => {
  const paths = ['\ufb01', '\u{1f600}', 'z', 'Y', 'é'];
  const { entries } = await zipOf(
    await torshBytes(archive('x', { resources: paths.map((path) => resource(path, 'x')) })),
  );
  expect([...entries.keys()].slice(1, -1)).toEqual(
    ['Y', 'z', 'é', '\ufb01', '\u{1f600}'].map((path) => `resources/${path}`),
  );
});

it.each([0, 1, 7, 20, 61])(
  'lays the data of models on 64-byte boundaries, %i bytes behind another',
  async (shift) => {
    const whole = archive('x', {
      models: [model([tensor('w', 'F64', [3])]), model([tensor('v', 'U8', [1])], { name: 'other' })],
      resources: [resource('code.py', 'x'.repeat(shift), 'code')],
    });
    const zip = await zipOf(await torshBytes(whole));
    for (const path of ['models/model.safetensors', 'models/other.safetensors']) {
      const source = zip.source(zip.entries.get(path)!);
      expect(zip.entries.get(path)!.method).toBe('stored');
      const { headerBytes } = await readSafetensors(source, { limits: contextOf().limits });
      expect(((await source.locate!()).offset + headerBytes) % 64).toBe(0);
    }
  },
);

it('is the same for the same archive and clock, and takes time from the clock only', async () => {
  const at = (time: string): Platform => ({ ...platform, now: () => new Date(time) });
  const write = (time?: string) =>
    torshBytes(smallArchive(), contextOf([], time === undefined ? {} : { platform: at(time) }));
  expect(await write()).toEqual(await write());
  expect(await write('2020-01-01')).toEqual(await write('2020-01-01'));
  expect(await write('2020-01-01')).not.toEqual(await write('2020-01-02'));
  expect(Buffer.from(await write()).includes('created_at')).toBe(false);
  expect(Buffer.from(await write('2020-01-01')).includes('"created_at": "2020-01-01T00:00:00.000Z"')).toBe(
    true,
  );
});

it('is told by its first entry, and by nothing else', async () => {
  const bytes = await torshBytes(archive('x', {}));
  const claimed = async (data: Uint8Array) =>
    (await torsh().detect(inputOf(data), contextOf())) !== undefined;
  expect(await claimed(bytes)).toBe(true);
  for (const at of [0, 3, 30, 50, 51, 56]) {
    const other = bytes.slice();
    other[at]! ^= 0x20;
    expect(await claimed(other), `byte ${at}`).toBe(false);
  }
  // A later version is a .torsh file too, even if this torsh cannot read it.
  const later = bytes.slice();
  later[57] = 0x32;
  expect(await claimed(later)).toBe(true);
  await expect(torsh().reader!.open(inputOf(later), contextOf())).rejects.toMatchObject({
    code: expect.any(String),
  });
});
