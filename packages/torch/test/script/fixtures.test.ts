import { readdirSync, readFileSync } from 'node:fs';
import { fromBytes, fromFiles, webPlatform } from '@torsh/bytes';
import { createContext, describe as describeArchive, type Issue, open } from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { torchSave, torchScript } from '../../src/index.ts';

const folder = new URL('../../../../fixtures/torchscript/', import.meta.url);

interface Tensor {
  readonly model: string;
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly sha256?: string;
}

interface Expectation {
  readonly tensors: readonly Tensor[];
  readonly aliases: Readonly<Record<string, string>>;
  /** Classes whose objects are kept as data. */
  readonly opaque: readonly string[];
  readonly refused?: { readonly code: string };
}

const { files: expected }: { files: Readonly<Record<string, Expectation>> } = JSON.parse(
  readFileSync(new URL('expected.json', folder), 'utf8'),
);

async function inspect(file: string) {
  const issues: Issue[] = [];
  const report = (issue: Issue) => issues.push(issue);
  const options = { formats: [torchSave(), torchScript()], platform: webPlatform, report };
  const source = fromBytes(readFileSync(new URL(file, folder)));
  const input = { files: fromFiles(new Map([[file, source]])), entry: file };
  const archive = await open(input, options);
  return describeArchive(archive, issues, createContext(options), { digests: true });
}

/** In the order of the file, which is that of `state_dict()`, and without what the oracle does not speak of. */
const told = (tensors: readonly Tensor[]) =>
  tensors.map(({ model, name, dtype, shape, sha256 }) => ({ model, name, dtype, shape, sha256 }));

/** torch numbers classes of one name, and the numbers mean nothing. */
const unmangled = (name: string) => name.replace(/___torch_mangle_\d+\./, '');

describe('modules of real torch', () => {
  const files = readdirSync(folder).filter((name) => /\.ptl?$/.test(name));

  it('has an answer for every file', () => {
    expect(files.sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(files)('%s: names, order, types, shapes and bytes are those that torch loads', async (file) => {
    const wanted = expected[file]!;
    if (wanted.refused !== undefined) {
      await expect(inspect(file)).rejects.toMatchObject({ code: wanted.refused.code });
      return;
    }
    const { tensors, aliases, issues } = await inspect(file);
    expect(told(tensors)).toEqual(told(wanted.tensors));
    expect({ ...aliases }).toEqual(wanted.aliases);
    const opaque = issues.filter(({ code }) => code === 'opaque').map(({ subject }) => unmangled(subject!));
    expect([...new Set(opaque)].sort()).toEqual([...wanted.opaque].sort());
    expect(issues.filter(({ severity }) => severity !== 'note')).toEqual([]);
  });
});
