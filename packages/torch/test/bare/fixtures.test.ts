import { readdirSync, readFileSync } from 'node:fs';
import { fromBytes, fromFiles, webPlatform } from '@torsh/bytes';
import { createContext, describe as describeArchive, detect, type Issue } from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { pickle, torchSave } from '../../src/index.ts';

const folder = new URL('../../../../fixtures/bare-pickle/', import.meta.url);

interface Expectation {
  readonly tensors: readonly { name: string; dtype: string; shape: readonly number[]; sha256?: string }[];
  readonly aliases: Readonly<Record<string, string>>;
}

const { files: expected }: { files: Readonly<Record<string, Expectation>> } = JSON.parse(
  readFileSync(new URL('expected.json', folder), 'utf8'),
);
const files = readdirSync(folder).filter((name) => !/\.(json|md)$/.test(name));

async function inspect(file: string) {
  const issues: Issue[] = [];
  const formats = [torchSave(), pickle()];
  const report = (issue: Issue) => issues.push(issue);
  const context = createContext({ formats, platform: webPlatform, report });
  const source = fromBytes(readFileSync(new URL(file, folder)));
  const input = { files: fromFiles(new Map([[file, source]])), entry: file };
  const format = await detect(input, formats, context);
  const archive = await format.reader!.open(input, context);
  return describeArchive(archive, issues, context, { digests: true });
}

/** By name, and without what the oracle does not speak of. */
function sorted(tensors: Expectation['tensors']) {
  return tensors
    .map(({ name, dtype, shape, sha256 }) => ({ name, dtype, shape, sha256 }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

describe('pickles of real numpy, torch and joblib', () => {
  it('has an answer for every file', () => {
    expect(files.sort()).toEqual(Object.keys(expected).sort());
    expect(files.length).toBeGreaterThan(25);
  });

  it.each(files)('%s: names, types, shapes and bytes are those that the library loads', async (file) => {
    const { format, tensors, aliases, issues } = await inspect(file);
    expect(format).toBe(file.endsWith('.pt') ? 'torch-save' : 'pickle');
    expect(sorted(tensors)).toEqual(sorted(expected[file]!.tensors));
    expect({ ...aliases }).toEqual(expected[file]!.aliases);
    expect(issues.filter(({ severity }) => severity !== 'note')).toEqual([]);
  });
});
