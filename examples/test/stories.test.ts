import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { distribution } from '../distribution.mjs';
import { serve } from '../file-server.mjs';
import { packaging } from '../packaging.mjs';
import { install, publish, registry } from '../registry.mjs';
import { versions } from '../versions.mjs';

let folder: string;
let said: string;

beforeEach(() => {
  folder = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'torsh-examples-'));
  said = '';
  vi.spyOn(console, 'log').mockImplementation((...words) => {
    said += `${words.join(' ')}\n`;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

const numbers = (pattern: RegExp): number[] => pattern.exec(said)!.slice(1).map(Number);

test('packaging', async () => {
  await packaging(folder);
  expect(fs.readdirSync(folder)).toEqual(['tiny-1.0.0.torsh']);
  expect(said).toContain('0.weight F32 [3,4]');
  expect(said).toContain('"torch":">=2.0"');
});

test('distribution', async () => {
  await distribution(folder);
  const [size, fetched] = numbers(/1\.0\.0, (\d+) bytes, of which (\d+) were fetched/);
  expect(size).toBeGreaterThan(4_000_000);
  expect(fetched).toBeLessThan(130 * 1024);
  const [bytes, cost] = numbers(/a tensor of (\d+) bytes cost (\d+)/);
  // A part of it may have come with the end of the file already.
  expect(cost).toBeLessThanOrEqual(bytes!);
  expect(cost).toBeGreaterThan(0);
  expect(said).toContain('code manifest.json metadata models');
});

test('versions', async () => {
  await versions(folder);
  expect(said).toContain('1.0.1 satisfies ^1.0.0: true');
  const [whole, patch] = numbers(/has (\d+) bytes, the patch (\d+)/);
  expect(patch).toBeLessThan(whole! / 20);
  const [patched, target] = ['patched.torsh', 'net-1.0.1.torsh'].map((name) =>
    fs.readFileSync(nodePath.join(folder, name)),
  );
  expect(patched!.equals(target!)).toBe(true);
});

test('registry', async () => {
  await registry(folder);
  expect(said).toBe('installed net 1.1.0\n');
  const [shelf, made] = [nodePath.join(folder, 'registry'), nodePath.join(folder, 'made.torsh')];
  await expect(publish(shelf, made)).rejects.toThrow('published already');
  const server = await serve(shelf);
  await expect(install(server.address, 'net', '^3', folder)).rejects.toThrow('no version');
  fs.appendFileSync(nodePath.join(shelf, 'net-1.1.0.torsh'), '!');
  await expect(install(server.address, 'net', '^1', folder)).rejects.toThrow('not what was published');
  expect(fs.readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  await server.close();
});
