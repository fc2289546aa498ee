import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { fromBytes } from '@torsh/bytes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyPatch, packageExporter, packagePatch, packageUpdater } from '../src/index.ts';

const folder = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'torsh-patch-'));
const at = (name: string): string => nodePath.join(folder, name);
const bytesOf = (name: string): Buffer => fs.readFileSync(at(name));

const weights = (seed: number) =>
  Float32Array.from({ length: 50_000 }, (_, index) => Math.sin(index * 12.9898 + seed));

beforeAll(async () => {
  await packageExporter({ metadata: { name: 'sample', version: '1.0.0' }, compression: 'deflate' })
    .addModel('kept', { w: weights(1) })
    .addModel('tuned', { w: weights(2) })
    .addResource('net.py', 'Python', 'x = 1\n'.repeat(100))
    .addResource('old.txt', 'Text', 'old')
    .exportToFile(at('base.torsh'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** The same changes, for a patch and for an update. */
const tuned = weights(2).map((value, index) => (index % 3 === 0 ? value * 1.00001 : value));

test('a patch gives what an update gives, byte for byte, and is small', async () => {
  const updater = await packageUpdater(at('base.torsh'));
  updater.updateModel('tuned', { w: tuned }).addResource('new.json', 'Json', {}).removeResource('old.txt');
  await updater.incrementVersion('patch').save(at('target.torsh'));

  const patch = await packagePatch(at('base.torsh'));
  patch.updateModel('tuned', { w: tuned }).addResource('new.json', 'Json', {}).removeResource('old.txt');
  const head = await patch.incrementVersion('patch').saveAsPatch(at('x.torshpatch'));
  expect(head.target.size).toBe(bytesOf('target.torsh').length);
  expect(bytesOf('x.torshpatch').length).toBeLessThan(60_000);

  await applyPatch(at('base.torsh'), at('x.torshpatch'), at('made.torsh'));
  expect(bytesOf('made.torsh').equals(bytesOf('target.torsh'))).toBe(true);
});

test('is applied in place, from bytes, and only to its base', async () => {
  fs.copyFileSync(at('base.torsh'), at('mine.torsh'));
  await applyPatch(at('mine.torsh'), fromBytes(bytesOf('x.torshpatch')));
  expect(bytesOf('mine.torsh').equals(bytesOf('target.torsh'))).toBe(true);
  await expect(applyPatch(at('mine.torsh'), at('x.torshpatch'))).rejects.toMatchObject({
    code: 'unsupported',
  });
  expect(bytesOf('mine.torsh').equals(bytesOf('target.torsh'))).toBe(true);
  await expect(applyPatch(at('base.torsh'), at('x.torshpatch'), at('made.torsh'))).rejects.toMatchObject({
    code: 'io',
  });
  const base = fromBytes(bytesOf('base.torsh'));
  await expect(applyPatch(base, at('x.torshpatch'))).rejects.toThrow(TypeError);
  expect(fs.readdirSync(folder).sort()).toEqual([
    'base.torsh',
    'made.torsh',
    'mine.torsh',
    'target.torsh',
    'x.torshpatch',
  ]);
});

test('what others make of the base while the patch is fetched stays', async () => {
  fs.copyFileSync(at('base.torsh'), at('ours.torsh'));
  const fetch = async () => {
    fs.rmSync(at('ours.torsh'));
    fs.writeFileSync(at('ours.torsh'), 'theirs');
    return new Response(new Uint8Array(bytesOf('x.torshpatch')));
  };
  const applied = applyPatch(at('ours.torsh'), 'https://example.org/x.torshpatch', undefined, {
    url: { fetch },
  });
  await expect(applied).rejects.toMatchObject({ code: 'io' });
  expect(bytesOf('ours.torsh').toString()).toBe('theirs');
  fs.rmSync(at('ours.torsh'));
});

test('a patch that cannot be made leaves nothing', async () => {
  const patch = await packagePatch(at('base.torsh'));
  expect(() => patch.updateModel('absent', { w: tuned })).toThrow(TypeError);
  patch.addResource('NET.py', 'Python', '');
  await expect(patch.saveAsPatch(at('bad.torshpatch'))).rejects.toMatchObject({ code: 'unsupported' });
  await patch.close();
  expect(fs.existsSync(at('bad.torshpatch'))).toBe(false);
  expect(fs.readdirSync(folder).some((name) => name.endsWith('.part'))).toBe(false);
});
