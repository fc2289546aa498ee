import fs from 'node:fs';
import nodePath from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { run } from '../src/run.ts';
import { temporaryFolder, writeCaseFiles } from './files.ts';
import { testWorld } from './terminal.ts';

const schemaPath = fileURLToPath(new URL('../../../docs/spec/inspect.schema.json', import.meta.url));
const fixtures = fileURLToPath(new URL('../../../fixtures/torch-save/', import.meta.url));
const schema = JSON.parse(fs.readFileSync(schemaPath, 'utf8'));
const validate = new Ajv2020({ strict: true, strictTypes: false }).compile(schema);

async function inspect(path: string, ...options: string[]): Promise<unknown> {
  const world = testWorld({ cwd: nodePath.dirname(path) });
  const code = await run(['inspect', nodePath.basename(path), '--json', ...options], world);
  return code === 0 ? JSON.parse(world.stdout.text()) : undefined;
}

test('what inspect prints is what the schema says', async () => {
  const folder = temporaryFolder();
  try {
    writeCaseFiles(folder.path);
    for (const name of ['small.safetensors', 'evil.safetensors', 'onnx/if.onnx']) {
      for (const options of [[], ['--digests']]) {
        const document = await inspect(nodePath.join(folder.path, name), ...options);
        expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
      }
    }
  } finally {
    folder.dispose();
  }
});

const checkpoints = fs.existsSync(fixtures)
  ? fs.readdirSync(fixtures).filter((name) => name.endsWith('.pt'))
  : [];

test.each(checkpoints)('of %s too', async (name) => {
  const document = await inspect(nodePath.join(fixtures, name));
  // What torsh refuses to read has no document.
  if (document !== undefined) expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
});

const hostile = new URL('../../../fixtures/scan-cases/', import.meta.url);

test.each(fs.readdirSync(hostile).filter((name) => name !== 'README.md'))(
  'what it says of the pickles of %s, which no format opens',
  async (name) => {
    const world = testWorld({ cwd: fileURLToPath(hostile) });
    await run(['inspect', name, '--globals', '--json'], world);
    const empty = { format: 'x', tensors: [], aliases: {}, resources: [], metadata: {}, issues: [] };
    expect(validate({ ...empty, ...JSON.parse(world.stdout.text()) }), JSON.stringify(validate.errors)).toBe(
      true,
    );
  },
);

test('the schema refuses what it should', () => {
  const good = { format: 'x', tensors: [], aliases: {}, resources: [], metadata: {}, issues: [] };
  expect(validate(good)).toBe(true);
  for (const key of Object.keys(good)) {
    expect(validate({ ...good, [key]: undefined })).toBe(false);
  }
  expect(
    validate({ ...good, tensors: [{ name: 'a', dtype: 'F32', shape: [-1], bytes: 0, model: 'm' }] }),
  ).toBe(false);
  expect(validate({ ...good, later: true })).toBe(true);
});
