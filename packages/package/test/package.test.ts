import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inspectPackage, loadPackage, packageExporter, packageUpdater } from '../src/index.ts';

const folder = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'torsh-package-'));
const at = (name: string): string => nodePath.join(folder, name);
const names = (): string[] => fs.readdirSync(folder).sort();

function sample() {
  return packageExporter({ metadata: { name: 'sample', version: '1.0.0' }, compression: 'deflate' })
    .addModel('m', { w: Float32Array.of(1, 2) })
    .addResource('net.py', 'Python', 'x = 1\n'.repeat(100));
}

beforeAll(async () => {
  await sample().exportToFile(at('first.torsh'));
});
beforeEach(() => {
  for (const name of names()) if (name !== 'first.torsh') fs.rmSync(at(name));
  fs.copyFileSync(at('first.torsh'), at('x.torsh'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe('a package on a disk', () => {
  test('is exported, and nothing is replaced unless that is said', async () => {
    await expect(sample().exportToFile(at('x.torsh'))).rejects.toMatchObject({ code: 'io' });
    await sample().exportToFile(at('x.torsh'), { force: true });
    expect(fs.readFileSync(at('x.torsh')).equals(fs.readFileSync(at('first.torsh')))).toBe(true);
    expect(names()).toEqual(['first.torsh', 'x.torsh']);
  });

  test('that cannot be written leaves nothing', async () => {
    const bad = sample()
      .addResource('A', 'Binary', new Uint8Array(1))
      .addResource('a', 'Binary', new Uint8Array(1));
    await expect(bad.exportToFile(at('bad.torsh'))).rejects.toMatchObject({ code: 'unsupported' });
    expect(names()).toEqual(['first.torsh', 'x.torsh']);
  });

  test('is loaded by path and by address, and closed', async () => {
    for (const place of [at('x.torsh'), pathToFileURL(at('x.torsh'))]) {
      const pack = await loadPackage(place);
      expect(await pack.getResource('net.py').text()).toMatch(/^x = 1/);
      await pack.close();
      await expect(pack.getResource('net.py').text()).rejects.toThrow(TypeError);
      expect((await inspectPackage(place)).manifest.name).toBe('sample');
    }
    await expect(loadPackage(at('absent.torsh'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(loadPackage(folder)).rejects.toMatchObject({ code: 'io' });
  });
});

describe('an update', () => {
  test('is saved in place, through a link, with the permissions of the old file', async () => {
    fs.chmodSync(at('x.torsh'), 0o640);
    fs.symlinkSync('x.torsh', at('link.torsh'));
    const updater = await packageUpdater(at('link.torsh'));
    await updater
      .updateModel('m', { w: Float32Array.of(3) })
      .incrementVersion('minor')
      .save();
    expect(fs.lstatSync(at('link.torsh')).isSymbolicLink()).toBe(true);
    expect(fs.statSync(at('x.torsh')).mode & 0o777).toBe(0o640);
    expect((await inspectPackage(at('x.torsh'))).manifest.version).toBe('1.1.0');
    expect(names()).toEqual(['first.torsh', 'link.torsh', 'x.torsh']);
  });

  test('is saved to another file, and replaces none that is not meant', async () => {
    const before = fs.readFileSync(at('x.torsh'));
    const updater = await packageUpdater(at('x.torsh'));
    updater.set({ author: 'somebody' });
    await expect(updater.save(at('first.torsh'))).rejects.toMatchObject({ code: 'io' });
    await updater.save(at('y.torsh'));
    expect((await inspectPackage(at('y.torsh'))).manifest.author).toBe('somebody');
    expect(fs.readFileSync(at('x.torsh')).equals(before)).toBe(true);
  });

  test('of a file that somebody else replaced is refused, and theirs stays', async () => {
    const updater = await packageUpdater(at('x.torsh'));
    fs.rmSync(at('x.torsh'));
    fs.writeFileSync(at('x.torsh'), 'theirs');
    await expect(updater.set({ author: 'me' }).save()).rejects.toMatchObject({ code: 'io' });
    expect(fs.readFileSync(at('x.torsh'), 'utf8')).toBe('theirs');
    expect(names()).toEqual(['first.torsh', 'x.torsh']);
    await updater.close();
  });

  test('of two at once, one is told', async () => {
    const [one, two] = [await packageUpdater(at('x.torsh')), await packageUpdater(at('x.torsh'))];
    await one.set({ author: 'one' }).save();
    await expect(two.set({ author: 'two' }).save()).rejects.toMatchObject({ code: 'io' });
    await two.close();
    expect((await inspectPackage(at('x.torsh'))).manifest.author).toBe('one');
  });

  test('that is aborted leaves the old file', async () => {
    const before = fs.readFileSync(at('x.torsh'));
    const updater = await packageUpdater(at('x.torsh'));
    const reason = new Error('enough');
    const saving = updater.set({ author: 'x' }).save(undefined, { signal: AbortSignal.abort(reason) });
    await expect(saving).rejects.toBe(reason);
    await updater.close();
    expect(fs.readFileSync(at('x.torsh')).equals(before)).toBe(true);
    expect(names()).toEqual(['first.torsh', 'x.torsh']);
  });

  test('of bytes needs a path', async () => {
    const pack = await loadPackage(at('x.torsh'));
    const bytes = fs.readFileSync(at('x.torsh'));
    const source = {
      size: bytes.length,
      read: async (offset: number, length: number) => bytes.subarray(offset, offset + length),
    };
    const updater = await packageUpdater(source);
    await expect(updater.save()).rejects.toThrow(TypeError);
    await updater.set({ author: 'x' }).save(at('y.torsh'));
    await pack.close();
  });
});
