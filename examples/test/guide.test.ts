import fs from 'node:fs';
import os from 'node:os';
import nodePath from 'node:path';
import { formatHeader } from '@torsh/core';
import { inspectPackage } from '@torsh/package';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

const guide = new URL('../guide/', import.meta.url);
const page = fs.readFileSync(new URL('../../docs/guide/packages.md', import.meta.url), 'utf8');
const before = process.cwd();
let folder: string;

/** The blocks of code on the page, with the files that they are kept in. */
const blocks = Array.from(
  page.matchAll(/<!-- examples\/guide\/([a-z-]+\.ts) -->\n```ts\n(.*?)```/gs),
  ([, name, code]) => [name!, code!] as const,
);

beforeAll(() => {
  folder = fs.mkdtempSync(nodePath.join(os.tmpdir(), 'torsh-guide-'));
  process.chdir(folder);
  const { bytes } = formatHeader([{ name: 'w', dtype: 'F32', shape: [1] }], {});
  fs.writeFileSync('model.safetensors', Buffer.concat([bytes, new Uint8Array(4)]));
  fs.writeFileSync('config.json', '{}');
  fs.writeFileSync('tokenizer.json', '{}');
  fs.writeFileSync('preprocessing.py', 'pass\n');
  fs.writeFileSync('data.csv', 'a,b\n');
  fs.writeFileSync('image.png', new Uint8Array([0x89, 0x50]));
});
afterAll(() => {
  process.chdir(before);
  fs.rmSync(folder, { recursive: true });
});

test('every file of the guide is on its page, as it is', () => {
  expect(blocks.map(([name]) => name).sort()).toEqual(fs.readdirSync(guide).sort());
  for (const [name, code] of blocks) expect(fs.readFileSync(new URL(name, guide), 'utf8')).toBe(code);
  expect(page.match(/```ts/g)!.length).toBe(blocks.length);
});

/** What is to be seen after each block, in the order of the page. */
const after: { readonly [name: string]: (said: string) => unknown } = {
  'create.ts': async () =>
    expect((await inspectPackage('my_model_package.torsh')).manifest.models.length).toBe(1),
  'load.ts': (said) =>
    expect(said).toMatch(/hidden_size.*def prepare.*Package: my_model_package v1\.2\.3\nCreated: 20/s),
  'inspect.ts': (said) =>
    expect(said).toMatch(/Version: 1\.2\.3.*Models: \["my_model"].*resources\/config\.json.*Size: \d+/s),
  'versions.ts': async (said) => {
    expect(said).toBe('Package version is compatible\n');
    expect((await inspectPackage('my_model_package_v1.2.4.torsh')).manifest.version).toBe('1.2.4');
    expect((await inspectPackage('my_model_package.torsh')).manifest.version).toBe('1.2.3');
  },
  'patches.ts': async (said) => {
    expect(said).toBe('Resources: ["preprocessing.py","new_config.json"]\n');
    expect(fs.statSync('update_v1.2.4.torshpatch').size).toBeLessThan(2500);
    expect((await inspectPackage('my_model_package.torsh')).manifest.resources.length).toBe(1);
  },
  'types.ts': async () => {
    const { manifest } = await inspectPackage('types.torsh');
    expect([manifest.models.length, manifest.code.length, manifest.resources.length]).toEqual([1, 1, 4]);
  },
  'dependencies.ts': async () =>
    expect((await inspectPackage('needs.torsh')).manifest.dependencies).toMatchObject({
      system: { cuda: '>=11.0' },
    }),
};

test.each(blocks)('%s runs', async (name) => {
  let said = '';
  const log = vi.spyOn(console, 'log').mockImplementation((...words) => {
    said += `${words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))).join(' ')}\n`;
  });
  try {
    await import(new URL(name, guide).href);
  } finally {
    log.mockRestore();
  }
  await after[name]!(said);
});
