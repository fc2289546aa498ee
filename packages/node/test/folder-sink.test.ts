import fs from 'node:fs';
import { expect, test } from 'vitest';
import { toFolder } from '../src/index.ts';
import { folderForTests, refused } from './folder-for-tests.ts';

const at = folderForTests();
const names = (folder = '.'): string[] =>
  (fs.readdirSync(at(folder), { recursive: true }) as string[]).sort();

async function fill(path: string, files: readonly string[], force = false): Promise<void> {
  const tree = await toFolder(path, { force });
  try {
    for (const name of files) {
      const sink = await tree.create(name);
      await sink.write(Buffer.from(name));
      await sink.close();
    }
    expect(fs.existsSync(`${path}/${files[0]}`) && !force).toBe(false);
    await tree.close();
  } catch (error) {
    await tree.abort(error);
    throw error;
  }
}

test('a folder appears whole, with its folders', async () => {
  await fill(at('out'), ['a', 'b/c', 'b/d/e']);
  expect(names()).toEqual(['out', 'out/a', 'out/b', 'out/b/c', 'out/b/d', 'out/b/d/e']);
  expect(fs.readFileSync(at('out/b/d/e'), 'utf8')).toBe('b/d/e');
});

test('an aborted folder never was', async () => {
  const tree = await toFolder(at('out'));
  const open = await tree.create('x/y');
  await open.write(Buffer.from('abc'));
  await tree.abort();
  await tree.abort();
  expect(names()).toEqual([]);
});

test('paths stay within, and each is made once', async () => {
  const tree = await toFolder(at('out'));
  for (const bad of ['../x', '/x', 'a/../b', '', 'a\\b']) await refused(tree.create(bad), 'unsafe');
  await (await tree.create('a')).close();
  await expect(tree.create('a')).rejects.toThrow(TypeError);
  await refused(tree.create('a/b'), 'io');
  await tree.abort();
  expect(names()).toEqual([]);
});

test('replaces nothing unless forced, whenever the other folder came', async () => {
  fs.mkdirSync(at('out'));
  await fill(at('out'), ['a']);
  await refused(toFolder(at('out')), 'io', at('out'));
  fs.rmSync(at('out'), { recursive: true });

  const tree = await toFolder(at('out'));
  await (await tree.create('a')).close();
  fs.mkdirSync(at('out'));
  fs.writeFileSync(at('out/theirs'), 'x');
  await refused(tree.close(), 'io', at('out'));
  expect(names()).toEqual(['out', 'out/theirs']);
});

test('force replaces an earlier output, and never a folder with other things in it', async () => {
  await fill(at('out'), ['a', 'b/c']);
  fs.writeFileSync(at('out/a'), 'old');
  await fill(at('out'), ['a', 'b/c', 'd'], true);
  expect(names('out')).toEqual(['a', 'b', 'b/c', 'd']);
  expect(fs.readFileSync(at('out/a'), 'utf8')).toBe('a');
  fs.writeFileSync(at('out/b/diary'), 'mine');
  const error = await refused(fill(at('out'), ['a', 'b/c', 'd'], true), 'io');
  expect(error.message).toContain('b/diary');
  expect(fs.readFileSync(at('out/b/diary'), 'utf8')).toBe('mine');
  expect(names()).toHaveLength(6);
});

test('says what is wrong with a target', async () => {
  fs.writeFileSync(at('file'), 'x');
  await refused(toFolder(at('file'), { force: true }), 'io');
  await refused(toFolder(at('absent/out')), 'not-found');
});
