import { readdirSync, readFileSync } from 'node:fs';
import { digest, webPlatform } from '@torsh/bytes';
import { tensorsOf } from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { openExport } from './support.ts';

const folder = new URL('../../../../fixtures/torch-export/', import.meta.url);

interface ModelExpectation {
  readonly tensors: readonly { name: string; dtype: string; shape: readonly number[]; sha256: string }[];
  readonly aliases: Readonly<Record<string, string>>;
}

const { files: expected }: { files: Readonly<Record<string, Readonly<Record<string, ModelExpectation>>>> } =
  JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8'));

const load = (file: string) => openExport(new Uint8Array(readFileSync(new URL(file, folder))));

describe('programs of real torch', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.pt2'));

  it('has an answer for every file', () => {
    expect(files.sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(files)(
    '%s: models, names, order, types, shapes and bytes are those that torch loads',
    async (file) => {
      const { archive, issues } = await load(file);
      const found: Record<string, { tensors: object[]; aliases: object }> = {};
      for (const [name, { aliases }] of archive.models)
        found[name] = { tensors: [], aliases: Object.fromEntries(aliases) };
      for (const [model, { name, dtype, shape, data }] of tensorsOf(archive)) {
        const [{ sha256 }] = (await digest([data], { platform: webPlatform, sha256: true })) as [
          { sha256: string },
        ];
        found[model]!.tensors.push({ name, dtype, shape, sha256 });
      }
      expect(found).toEqual(expected[file]);
      expect(issues.filter(({ severity }) => severity !== 'note')).toEqual([]);
    },
  );

  it('come out the same whatever the version of the layout', async () => {
    const { archive } = await load('everything.pt2');
    for (const other of ['layout-2.7.pt2', 'flat.pt2', 'flat-json.pt2']) {
      const { archive: old } = await load(other);
      expect([...old.models.keys()], other).toEqual([...archive.models.keys()]);
      for (const [name, { tensors }] of archive.models) {
        const names = [...old.models.get(name)!.tensors.keys()];
        expect(names.sort(), other).toEqual([...tensors.keys()].sort());
      }
    }
  });
});
