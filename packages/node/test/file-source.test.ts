import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { DiskFile, Handles } from '../src/file-source.ts';
import { openFile } from '../src/index.ts';
import { folderForTests, isRoot, noise, refused } from './folder-for-tests.ts';

const at = folderForTests();
const bytes = noise(100_000);

test('reads exactly what is asked for', async () => {
  const path = at('a.bin');
  fs.writeFileSync(path, bytes);
  const file = await openFile(path);
  expect(file.size).toBe(bytes.length);
  expect(await file.read(0, 0)).toHaveLength(0);
  expect(Buffer.from(await file.read(99_000, 1000)).equals(bytes.subarray(99_000))).toBe(true);
  const [one, two] = await Promise.all([file.read(5, 10), file.read(50, 10)]);
  expect(Buffer.from(one!).equals(bytes.subarray(5, 15))).toBe(true);
  expect(Buffer.from(two!).equals(bytes.subarray(50, 60))).toBe(true);
  await refused(file.read(99_999, 2), 'truncated');
  await expect(file.read(-1, 2)).rejects.toThrow(TypeError);
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(file.read(0, 1, { signal })).rejects.toThrow('enough');
  await file.close();
  await file.close();
  await expect(file.read(0, 1)).rejects.toThrow(TypeError);
});

test('says what is wrong with a path', async () => {
  await refused(openFile(at('absent')), 'not-found', at('absent'));
  fs.writeFileSync(at('file'), 'x');
  await refused(openFile(at('file/in')), 'not-found');
  fs.mkdirSync(at('folder'));
  await refused(openFile(at('folder')), 'io');
  fs.symlinkSync('loop', at('loop'));
  await refused(openFile(at('loop')), 'io');
});

test.skipIf(process.platform === 'win32')(
  'refuses pipes and devices, and does not wait for them',
  async () => {
    execFileSync('mkfifo', [at('pipe')]);
    await refused(openFile(at('pipe')), 'io');
    await refused(openFile('/dev/zero'), 'io');
  },
);

test.skipIf(isRoot || process.platform === 'win32')(
  'says when permission is denied (skipped as root, who may all)',
  async () => {
    fs.writeFileSync(at('secret'), 'x', { mode: 0o000 });
    await refused(openFile(at('secret')), 'io');
  },
);

test('notices a file that shrinks or changes', async () => {
  fs.writeFileSync(at('a'), bytes);
  const file = await openFile(at('a'));
  await file.unchanged();
  fs.utimesSync(at('a'), 1, 1);
  await refused(file.unchanged(), 'io');
  fs.appendFileSync(at('a'), 'more');
  await refused(file.unchanged(), 'io');
  fs.truncateSync(at('a'), 10);
  await refused(file.unchanged(), 'truncated');
  const error = await refused(file.read(0, 20), 'truncated');
  expect(error).toMatchObject({ offset: 10, path: at('a') });
  await file.close();
});

test('keeps few files open, and notices one that was exchanged while it was closed', async () => {
  const handles = new Handles(2);
  const files = ['a', 'b', 'c', 'd'].map((name, index) => {
    fs.writeFileSync(at(name), noise(100, index + 1));
    return new DiskFile(at(name), handles);
  });
  for (const [index, file] of files.entries()) {
    expect(Buffer.from(await file.read(0, 100)).equals(noise(100, index + 1))).toBe(true);
  }
  const [a, b, c] = files as [DiskFile, DiskFile, DiskFile];
  expect(a.pin()).toBeTypeOf('number');
  expect(b.pin()).toBeTypeOf('number');
  expect(c.pin()).toBeUndefined();
  expect(await c.read(0, 1)).toHaveLength(1);
  a.unpin();
  b.unpin();
  for (const other of [a, b, files[3]!]) await other.read(0, 1);
  fs.rmSync(at('c'));
  fs.writeFileSync(at('c'), noise(100, 77));
  await refused(c.read(0, 1), 'io');
  for (const file of files) await file.close();
});

test('a pinned file is closed only when it is given back', async () => {
  fs.writeFileSync(at('a'), bytes);
  const file = new DiskFile(at('a'));
  const fd = file.pin()!;
  await file.close();
  expect(fs.readSync(fd, Buffer.alloc(4), 0, 4, 0)).toBe(4);
  file.unpin();
  expect(() => fs.fstatSync(fd)).toThrow();
});
