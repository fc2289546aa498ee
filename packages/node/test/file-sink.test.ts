import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { expect, test, vi } from 'vitest';
import { toFile, toSingleFile } from '../src/index.ts';
import { buildInto } from './built.ts';
import { folderForTests, isRoot, noise, refused } from './folder-for-tests.ts';

const at = folderForTests();
const names = (): string[] => fs.readdirSync(at('.')).sort();

test('a file appears whole, and only when closed', async () => {
  const sink = await toFile(at('out'));
  await sink.write(Buffer.from('abc'));
  const lent = Buffer.from('def');
  await sink.write(lent);
  lent.fill(0);
  await sink.write(noise(300_000));
  expect(sink.position).toBe(300_006);
  expect(fs.existsSync(at('out'))).toBe(false);
  expect(names()).toHaveLength(1);
  await sink.close();
  expect(names()).toEqual(['out']);
  expect(fs.readFileSync(at('out')).equals(Buffer.concat([Buffer.from('abcdef'), noise(300_000)]))).toBe(
    true,
  );
  await expect(sink.write(lent)).rejects.toThrow(TypeError);
  await sink.abort();
  expect(names()).toEqual(['out']);
  if (process.platform !== 'win32') {
    const mask = process.umask();
    expect(fs.statSync(at('out')).mode & 0o777).toBe(0o666 & ~mask);
  }
});

test('an aborted file never was', async () => {
  const sink = await toFile(at('out'));
  await sink.write(noise(100_000));
  await sink.abort(new Error('enough'));
  await sink.abort();
  expect(names()).toEqual([]);
});

test('replaces nothing unless forced, whenever the other file came', async () => {
  fs.writeFileSync(at('out'), 'old');
  const error = await refused(toFile(at('out')), 'io', at('out'));
  expect(error.message).toContain('use --force to replace it');
  await refused(toSingleFile(at('out')), 'io');
  fs.rmSync(at('out'));

  const sink = await toFile(at('out'));
  await sink.write(Buffer.from('new'));
  fs.writeFileSync(at('out'), 'came between');
  await refused(sink.close(), 'io', at('out'));
  expect(fs.readFileSync(at('out'), 'utf8')).toBe('came between');
  expect(names()).toEqual(['out']);

  const forced = await toFile(at('out'), { force: true });
  await forced.write(Buffer.from('new'));
  expect(fs.readFileSync(at('out'), 'utf8')).toBe('came between');
  await forced.close();
  expect(fs.readFileSync(at('out'), 'utf8')).toBe('new');
  expect(names()).toEqual(['out']);
});

test('publishes the same way on a disk without hard links', async () => {
  const link = vi.spyOn(fs, 'linkSync').mockImplementation(() => {
    throw Object.assign(new Error('no links'), { code: 'EPERM', syscall: 'link' });
  });
  try {
    const sink = await toFile(at('out'));
    await sink.write(Buffer.from('new'));
    await sink.close();
    expect(fs.readFileSync(at('out'), 'utf8')).toBe('new');
    const late = await toFile(at('late'));
    fs.writeFileSync(at('late'), 'old');
    await refused(late.close(), 'io');
    expect(fs.readFileSync(at('late'), 'utf8')).toBe('old');
    expect(names()).toEqual(['late', 'out']);
  } finally {
    link.mockRestore();
  }
});

test('says what is wrong with a target', async () => {
  fs.mkdirSync(at('folder'));
  await refused(toFile(at('folder'), { force: true }), 'io');
  await refused(toFile(at('absent/out')), 'not-found', at('absent/out'));
  await refused(toFile(at('x'.repeat(300))), 'io');
  // A name of 255 bytes is legal, and its temporary name must be so too.
  const long = await toFile(at('é'.repeat(127)));
  await long.close();
  expect(names()).toContain('é'.repeat(127));
});

test.skipIf(isRoot || process.platform === 'win32')(
  'says when a folder may not be written (skipped as root, who may all)',
  async () => {
    fs.mkdirSync(at('locked'), { mode: 0o555 });
    await refused(toFile(at('locked/out')), 'io');
  },
);

test.each(['ENOSPC', 'EDQUOT', 'EROFS', 'EFBIG', 'EIO', 'EXYZ'])('explains %s', async (code) => {
  const sink = await toFile(at('out'));
  const write = vi.spyOn(fs, 'writeSync').mockImplementation(() => {
    throw Object.assign(new Error(code), { code, syscall: 'write' });
  });
  try {
    const error = await refused(sink.write(noise(100_000)), 'io', at('out'));
    expect(error.message).not.toBe(code);
  } finally {
    write.mockRestore();
  }
  await sink.abort();
  expect(names()).toEqual([]);
});

test('one file, by whatever name', async () => {
  const tree = await toSingleFile(at('out.bin'));
  const sink = await tree.create('model.safetensors');
  await expect(tree.create('other')).rejects.toThrow(TypeError);
  await sink.write(Buffer.from('abc'));
  await expect(tree.close()).rejects.toThrow(TypeError);
  await sink.close();
  expect(fs.existsSync(at('out.bin'))).toBe(false);
  await tree.close();
  await tree.abort();
  expect(names()).toEqual(['out.bin']);
});

test.each([false, true])('one file that is given up leaves nothing (ended: %s)', async (ended) => {
  const tree = await toSingleFile(at('out.bin'));
  const sink = await tree.create('x');
  await sink.write(noise(70_000));
  if (ended) await sink.close();
  await tree.abort();
  expect(names()).toEqual([]);
});

// Writes with two threads until it is killed.
const writer = (source: string, target: string): string => `
  import { openFile, toFile, nodePlatform } from '@torsh/node';
  const source = await openFile(${JSON.stringify(source)});
  const sink = await toFile(${JSON.stringify(target)});
  const options = { platform: nodePlatform, sha256: true, crc32: true };
  for (let round = 0; round < 100; round++) {
    await sink.transfer([source], options);
    if (round === 1) console.log('well under way');
  }
  await sink.close();
`;

test.skipIf(process.platform === 'win32')('a killed process leaves no target', async () => {
  buildInto(at('.'));
  fs.writeFileSync(at('source'), noise(40_000_000));
  fs.writeFileSync(at('writer.mjs'), writer(at('source'), at('out')));
  const child = spawn(process.execPath, [at('writer.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(names().some((name) => name.endsWith('.part'))).toBe(true);
  expect(fs.existsSync(at('out'))).toBe(false);
});

const canMount = isRoot && process.platform === 'linux' && mounts();
function mounts(): boolean {
  const folder = fs.mkdtempSync('/tmp/torsh-mount-');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    fs.rmdirSync(folder);
  }
}

test.skipIf(!canMount)('a full disk is told and leaves nothing (needs the right to mount)', async () => {
  fs.mkdirSync(at('small'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', at('small')]);
  try {
    const sink = await toFile(at('small/out'));
    const error = await refused(
      (async () => {
        for (let count = 0; count < 10; count++) await sink.write(noise(1_000_000));
      })(),
      'io',
    );
    expect(error.message).toContain('full');
    await sink.abort();
    expect(fs.readdirSync(at('small'))).toEqual([]);
  } finally {
    execFileSync('umount', [at('small')]);
  }
});
