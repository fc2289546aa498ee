import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type FileTree, readAll } from '@torsh/bytes';
import { expect, test, vi } from 'vitest';
import { fromFile, fromFolder } from '../src/index.ts';
import { folderForTests, refused } from './folder-for-tests.ts';

const at = folderForTests();

function put(name: string, text: string = name): void {
  fs.mkdirSync(path.dirname(at(name)), { recursive: true });
  fs.writeFileSync(at(name), text);
}

async function paths(tree: FileTree): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of tree.list()) found.push(entry.path);
  return found;
}

async function text(tree: FileTree, name: string): Promise<string | undefined> {
  const source = await tree.open(name);
  return source && Buffer.from(await readAll(source, 1000)).toString();
}

test('lists in the order of the paths, and opens what it lists', async () => {
  for (const name of ['m/b', 'm/a/x', 'm/a.txt', 'm/a/y/z', 'm/Z', 'm/.hidden']) put(name);
  fs.mkdirSync(at('m/empty'));
  const folder = await fromFolder(at('m'));
  expect(await paths(folder)).toEqual(['.hidden', 'Z', 'a.txt', 'a/x', 'a/y/z', 'b']);
  for await (const { path: name, size } of folder.list()) {
    expect(await text(folder, name)).toBe(`m/${name}`);
    expect(size).toBe(name.length + 2);
  }
  expect(await folder.open('absent')).toBeUndefined();
  expect(await folder.open('b/in')).toBeUndefined();
  expect(await folder.open('a')).toBeUndefined();
  expect(await folder.open('b')).toBe(await folder.open('b'));
  await folder.close();
});

test('no path leads out of it', async () => {
  put('secret');
  put('m/a');
  put('m/in/b');
  fs.symlinkSync('../secret', at('m/out'));
  fs.symlinkSync(at('.'), at('m/up'));
  fs.symlinkSync('nowhere', at('m/broken'));
  fs.symlinkSync('in/b', at('m/inner'));
  fs.symlinkSync('..', at('m/in/circle'));
  fs.symlinkSync('in', at('m/again'));
  const folder = await fromFolder(at('m'));
  for (const bad of ['../secret', '/etc/passwd', 'a//b', './a', '', 'a\\b', 'out', 'up/secret']) {
    await refused(folder.open(bad), 'unsafe', bad);
  }
  await refused(folder.open('broken'), 'not-found');
  expect(await text(folder, 'inner')).toBe('m/in/b');
  expect(await text(folder, 'again/b')).toBe('m/in/b');
  expect(await paths(folder)).toEqual(['a', 'again/b', 'broken', 'in/b', 'inner', 'out', 'up']);
  await folder.close();
});

test('reads the download cache of Hugging Face, where files are links into blobs', async () => {
  put('models--x/blobs/abc', 'weights');
  put('models--x/refs/main', 'rev');
  fs.mkdirSync(at('models--x/snapshots/rev'), { recursive: true });
  fs.symlinkSync('../../blobs/abc', at('models--x/snapshots/rev/model.safetensors'));
  fs.symlinkSync('../../refs/main', at('models--x/snapshots/rev/other'));
  const folder = await fromFolder(at('models--x/snapshots/rev'));
  expect(await text(folder, 'model.safetensors')).toBe('weights');
  await refused(folder.open('other'), 'unsafe');
  await folder.close();
});

test('a file has its neighbours within reach and its folder is not listed', async () => {
  put('m/a.pt');
  put('m/b.pt');
  put('elsewhere/big.pt');
  fs.symlinkSync('../elsewhere/big.pt', at('m/link.pt'));
  const listing = vi.spyOn(fs, 'readdirSync');
  const a = await fromFile(at('m/a.pt'));
  expect(a.entry).toBe('a.pt');
  expect(await text(a, a.entry)).toBe('m/a.pt');
  expect(await text(a, 'b.pt')).toBe('m/b.pt');
  await refused(a.open('link.pt'), 'unsafe');
  expect(listing).not.toHaveBeenCalled();
  listing.mockRestore();
  await a.close();
  const named = await fromFile(at('m/link.pt'));
  expect(await text(named, 'link.pt')).toBe('elsewhere/big.pt');
  await named.close();
});

test('says what is wrong with a path', async () => {
  put('m/a');
  await refused(fromFolder(at('absent')), 'not-found', at('absent'));
  await refused(fromFolder(at('m/a')), 'io');
  await refused(fromFile(at('m/absent')), 'not-found');
  await refused(fromFile(at('m')), 'io');
});

test.skipIf(process.platform === 'win32')('pipes are not listed and not opened', async () => {
  put('m/a');
  execFileSync('mkfifo', [at('m/pipe')]);
  const folder = await fromFolder(at('m'));
  expect(await paths(folder)).toEqual(['a']);
  await refused(folder.open('pipe'), 'io');
  await folder.close();
});

test('serves more files than it keeps open', async () => {
  for (let index = 0; index < 250; index++) put(`m/${index}`);
  const folder = await fromFolder(at('m'));
  const opened = await Promise.all(Array.from({ length: 250 }, (_, index) => folder.open(String(index))));
  const handles = (): number => (fs.existsSync('/proc/self/fd') ? fs.readdirSync('/proc/self/fd').length : 0);
  expect(handles()).toBeLessThan(180);
  for (const [index, source] of opened.entries()) {
    expect(Buffer.from(await readAll(source!, 100)).toString()).toBe(`m/${index}`);
  }
  const before = handles();
  await folder.close();
  expect(handles()).toBeLessThan(Math.max(before, 1));
});
