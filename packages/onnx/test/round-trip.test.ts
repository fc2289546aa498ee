import { readdirSync, readFileSync } from 'node:fs';
import { concat, fromBytes, fromFiles, toFiles, webPlatform } from '@torsh/bytes';
import { archive, createContext, type Format, model, plan, torsh } from '@torsh/core';
import { expect, it } from 'vitest';
import { onnx } from '../src/index.ts';

const root = new URL('../../../fixtures/onnx/', import.meta.url);
const context = createContext({ formats: [], platform: webPlatform });
type Files = ReadonlyMap<string, Uint8Array>;

/** Every fixture: its model, and the files beside it. */
const fixtures: [name: string, entry: string, files: Files][] = [];
for (const entry of readdirSync(root, { withFileTypes: true })) {
  if (entry.name.endsWith('.onnx')) fixtures.push([entry.name, entry.name, filesIn(root, [entry.name])]);
  if (!entry.isDirectory()) continue;
  const folder = new URL(`${entry.name}/`, root);
  const paths = (readdirSync(folder, { recursive: true }) as string[]).filter((path) =>
    /\.[a-z]+$|^[a-z]$/.test(path),
  );
  fixtures.push([entry.name, 'model.onnx', filesIn(folder, paths)]);
}

function filesIn(folder: URL, paths: readonly string[]): Files {
  return new Map(paths.map((path) => [path, new Uint8Array(readFileSync(new URL(path, folder)))]));
}

const opened = (format: Format, files: Files, entry: string, lent = context) =>
  format.reader!.open(
    { files: fromFiles(new Map([...files].map(([path, bytes]) => [path, fromBytes(bytes)]))), entry },
    lent,
  );

async function written(format: Format, whole: Parameters<typeof plan>[0], name: string): Promise<Files> {
  expect(plan(whole, format).issues).toEqual([]);
  const output = toFiles();
  await format.writer!.write(whole, output, name, context);
  await output.close();
  return output.files();
}

it.each(fixtures)('gives %s back to the byte, by way of torsh', async (_, entry, files) => {
  const source = await opened(onnx(), files, entry);
  const stored = await written(torsh(), source, 'x.torsh');
  const back = await written(onnx(), await opened(torsh(), stored, 'x.torsh'), entry);
  expect([...back.keys()].sort()).toEqual([...files.keys()].sort());
  for (const [path, bytes] of files) expect(back.get(path), path).toEqual(bytes);
});

it('takes out every weight that can be given back', async () => {
  const kept: string[] = [];
  for (const [name, entry, files] of fixtures) {
    const telling = createContext({
      formats: [],
      platform: webPlatform,
      report: ({ code }) => kept.push(`${name} ${code}`),
    });
    await opened(onnx(), files, entry, telling);
  }
  expect(kept.filter((each) => each.endsWith(' kept-in-graph')).map((each) => each.split(' ')[0])).toEqual([
    'odd-nibbles.onnx',
    'strings.onnx',
    'typed-float6e2m3.onnx',
    'wrong-size.onnx',
    'wrong-size.onnx',
  ]);
});

it('makes no graph up', () => {
  const weights = archive('safetensors', { models: [model([])] });
  expect(plan(weights, onnx())).toMatchObject({ possible: false, issues: [{ code: 'no-graph' }] });
});

it('joins what it lends', async () => {
  // The graph is many stretches of the file: whoever reads across them gets the same bytes.
  const [, entry, files] = fixtures.find(([name]) => name === 'functions.onnx')!;
  const { data } = (await opened(onnx(), files, entry)).resources.get('onnx/graph.onnx')!;
  const whole = (await data.read(0, data.size)).slice();
  for (let at = 0; at < data.size; at += 7) {
    const length = Math.min(40, data.size - at);
    expect(await data.read(at, length)).toEqual(whole.subarray(at, at + length));
  }
  expect(concat([]).size).toBe(0);
});
