import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { fromUrl, fromUrlFolder } from '@torsh/bytes';
import { inspectPackage, open } from '@torsh/core';
import { allFormats } from '@torsh/formats';
import { nodePlatform } from '@torsh/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RangeServer, rangeServer } from '../src/index.ts';
import { MARK, MARKED, writeSparseTorsh } from './sparse-torsh.ts';

const KiB = 1024;
const folder = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'torsh-url-'));
const fixtures = new URL('../../../fixtures/', import.meta.url);
let server: RangeServer;

beforeAll(async () => {
  await writeSparseTorsh(nodePath.join(folder, 'large.torsh'));
  fs.cpSync(new URL('torch-sharded/zip', fixtures), nodePath.join(folder, 'sharded'), { recursive: true });
  for (const name of ['torch-save/tiny.pt', 'torchscript/attributes.pt'])
    fs.copyFileSync(new URL(name, fixtures), nodePath.join(folder, nodePath.basename(name)));
  server = await rangeServer(folder);
});

afterAll(async () => {
  await server.close();
  fs.rmSync(folder, { recursive: true });
});

async function openAt(path: string) {
  const files = await fromUrlFolder(server.address + path);
  const archive = await open(
    { files, entry: files.entry },
    { formats: allFormats(), platform: nodePlatform },
  );
  return { archive, files };
}

describe('a .torsh file of more than 1 GiB on a real server', () => {
  test('is opened by its formats with its headers, and one tensor costs its bytes', async () => {
    expect(fs.statSync(nodePath.join(folder, 'large.torsh')).size).toBeGreaterThan(2 ** 30);
    server.forget();
    const { archive } = await openAt('large.torsh');
    const { data } = archive.models.get('model')!.tensors.get(MARKED)!;
    // Directory and manifest; the first bytes; the header of the model.
    expect(server.requests.length).toBeLessThanOrEqual(4);
    expect(server.sent).toBeLessThan(256 * KiB);
    server.forget();
    expect(Buffer.compare(await data.read(0, data.size), MARK)).toBe(0);
    expect(server.requests.length).toBe(1);
    expect(server.sent).toBe(data.size);
  });

  test('as a package, directory and manifest cost three requests and 128 KiB at most', async () => {
    server.forget();
    const { manifest, size } = await inspectPackage(await fromUrl(`${server.address}large.torsh`), {
      platform: nodePlatform,
    });
    expect(size).toBeGreaterThan(2 ** 30);
    expect(manifest).toMatchObject({ name: 'sparse', version: '1.2.3' });
    expect(manifest.models[0]!.tensors.length).toBe(601);
    expect(server.requests.length).toBeLessThanOrEqual(3);
    expect(server.sent).toBeLessThanOrEqual(128 * KiB);
  });

  test('a file that is replaced meanwhile is an error', async () => {
    const path = nodePath.join(folder, 'changing.bin');
    fs.writeFileSync(path, Buffer.alloc(300 * KiB, 1));
    const source = await fromUrl(`${server.address}changing.bin`);
    fs.writeFileSync(path, Buffer.alloc(300 * KiB + 1, 2));
    await expect(source.read(0, 100)).rejects.toMatchObject({ code: 'io' });
  });
});

test('other formats are read in the same way', async () => {
  for (const path of ['tiny.pt', 'attributes.pt', 'sharded/pytorch_model.bin.index.json']) {
    const { archive } = await openAt(path);
    expect(archive.models.size, path).toBeGreaterThan(0);
    for (const { tensors } of archive.models.values())
      for (const { data } of tensors.values()) await data.read(0, data.size);
  }
});

test('a file that is not there, and a server that is not there', async () => {
  await expect(fromUrl(`${server.address}absent.pt`)).rejects.toMatchObject({ code: 'not-found' });
  const options = { retries: 1, delay: 1 };
  await expect(fromUrl('http://127.0.0.1:9/x', options)).rejects.toMatchObject({ code: 'io' });
});
