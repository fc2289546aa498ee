import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { loadPackage } from '@torsh/package';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../src/run.ts';
import { testWorld } from './terminal.ts';

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'torsh-code-'));
  fs.mkdirSync(nodePath.join(folder, 'src'));
});
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

const write = (name: string) => fs.writeFileSync(nodePath.join(folder, 'src', name), 'x = 1\n');

test('code may have more files than a process may open', async () => {
  for (let index = 0; index < 150; index++) write(`part${index}.py`);
  let [held, most] = [0, 0];
  const { openSync, closeSync } = fs;
  vi.spyOn(fs, 'openSync').mockImplementation((...given) => {
    most = Math.max(most, ++held);
    return openSync(...given);
  });
  vi.spyOn(fs, 'closeSync').mockImplementation((fd) => {
    held--;
    closeSync(fd);
  });
  expect(await run(['new', 'net.torsh', '--code', 'src'], testWorld({ cwd: folder }))).toBe(0);
  expect(most).toBeGreaterThan(90);
  expect(most).toBeLessThan(110);
  const pack = await loadPackage(nodePath.join(folder, 'net.torsh'));
  expect(pack.resources.length).toBe(150);
  await pack.close();
});

test.skipIf(process.platform === 'win32')('links that lead out of a folder of code are refused', async () => {
  write('net.py');
  fs.writeFileSync(nodePath.join(folder, 'secret'), 'secret');
  fs.symlinkSync('../secret', nodePath.join(folder, 'src', 'link.py'));
  const world = testWorld({ cwd: folder });
  expect(await run(['new', 'net.torsh', '--code', 'src'], world)).toBe(4);
  expect(world.stderr.text()).toContain('link.py');
  expect(fs.existsSync(nodePath.join(folder, 'net.torsh'))).toBe(false);
});
