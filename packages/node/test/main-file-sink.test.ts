import fs from 'node:fs';
import { expect, test } from 'vitest';
import { toMainFile } from '../src/index.ts';
import { folderForTests, refused } from './folder-for-tests.ts';

const at = folderForTests();
const names = (): string[] => (fs.readdirSync(at('.'), { recursive: true }) as string[]).sort();

async function fill(path: string, files: readonly string[], force = false): Promise<void> {
  const tree = await toMainFile(path, { force });
  try {
    for (const name of files) {
      const sink = await tree.create(name);
      await sink.write(Buffer.from(name));
      await sink.close();
    }
    await tree.close();
  } catch (error) {
    await tree.abort(error);
    throw error;
  }
}

test('a file appears with the others beside it, and among what was there', async () => {
  fs.writeFileSync(at('theirs'), 'x');
  await fill(at('model'), ['model', 'weights', 'more/weights']);
  expect(names()).toEqual(['model', 'more', 'more/weights', 'theirs', 'weights']);
  expect(fs.readFileSync(at('more/weights'), 'utf8')).toBe('more/weights');
});

test('nothing has its name before all is closed, and an abort leaves nothing', async () => {
  const tree = await toMainFile(at('model'));
  await (await tree.create('a/b')).close();
  await (await tree.create('model')).close();
  const open = await tree.create('c');
  await open.write(Buffer.from('abc'));
  expect(names().filter((name) => !name.endsWith('.part'))).toEqual(['a']);
  await expect(tree.close()).rejects.toThrow(TypeError);
  await tree.abort();
  await tree.abort();
  expect(names()).toEqual([]);
});

test('replaces nothing unless forced', async () => {
  fs.writeFileSync(at('weights'), 'theirs');
  await refused(fill(at('model'), ['model', 'weights']), 'io', at('weights'));
  expect(names()).toEqual(['weights']);
  await fill(at('model'), ['model', 'weights'], true);
  expect(fs.readFileSync(at('weights'), 'utf8')).toBe('weights');
});

test('takes all back where one of the names is taken at the last moment', async () => {
  const tree = await toMainFile(at('model'));
  await (await tree.create('weights')).close();
  await (await tree.create('model')).close();
  fs.writeFileSync(at('model'), 'theirs');
  await refused(tree.close(), 'io');
  expect(names()).toEqual(['model']);
  expect(fs.readFileSync(at('model'), 'utf8')).toBe('theirs');
});

test('stays within the folder', async () => {
  fs.mkdirSync(at('inside'));
  fs.symlinkSync('/', at('inside/link'));
  const tree = await toMainFile(at('inside/model'));
  for (const bad of ['../x', '/x', 'a/../b', '']) await refused(tree.create(bad), 'unsafe');
  await refused(tree.create('link/x'), 'unsafe');
  await tree.abort();
});

test('needs its main file', async () => {
  const tree = await toMainFile(at('model'));
  await (await tree.create('weights')).close();
  await expect(tree.close()).rejects.toThrow(TypeError);
  await tree.abort();
  expect(names()).toEqual([]);
});
