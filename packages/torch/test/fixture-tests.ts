import { readdirSync, readFileSync } from 'node:fs';
import { fromBytes, fromFiles, webPlatform } from '@torsh/bytes';
import { createContext, describe as describeArchive, type Format, type Issue } from '@torsh/core';
import { describe, expect, it } from 'vitest';

interface Listed {
  readonly tensors: readonly { name: string; dtype: string; shape: readonly number[]; sha256?: string }[];
  readonly aliases: Readonly<Record<string, string>>;
}

interface Expectation extends Listed {
  /** What modules hold besides their state dicts. */
  readonly extra?: Listed;
  /** Classes and functions whose objects are kept as data. */
  readonly opaque: readonly string[];
  readonly refused?: { readonly code: string };
}

/** Every file of a folder of fixtures holds what its `expected.json` says. */
export function testFixtures(name: string, format: Format): void {
  const folder = new URL(`../../../fixtures/${name}/`, import.meta.url);
  const { files: expected }: { files: Readonly<Record<string, Expectation>> } = JSON.parse(
    readFileSync(new URL('expected.json', folder), 'utf8'),
  );

  async function inspect(file: string) {
    const issues: Issue[] = [];
    const report = (issue: Issue) => issues.push(issue);
    const context = createContext({ formats: [format], platform: webPlatform, report });
    const source = fromBytes(readFileSync(new URL(file, folder)));
    const input = { files: fromFiles(new Map([[file, source]])), entry: file };
    const archive = await format.reader!.open(input, context);
    const described = await describeArchive(archive, issues, context, { digests: true });
    const listed = (model: string): Listed => ({
      tensors: described.tensors.filter((each) => each.model === model),
      aliases: Object.fromEntries(archive.models.get(model)?.aliases ?? []),
    });
    return { ...listed('model'), extra: listed('extra'), issues };
  }

  describe('checkpoints of real torch', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.pt'));

    it('has an answer for every file', () => {
      expect(files.sort()).toEqual(Object.keys(expected).sort());
    });

    it.each(files)('%s: names, types, shapes and bytes are those that torch loads', async (file) => {
      const wanted = expected[file]!;
      if (wanted.refused !== undefined) {
        await expect(inspect(file)).rejects.toMatchObject({ code: wanted.refused.code });
        return;
      }
      const { tensors, aliases, extra, issues } = await inspect(file);
      expect(spoken(tensors)).toEqual(spoken(wanted.tensors));
      expect(aliases).toEqual(wanted.aliases);
      expect(spoken(extra.tensors)).toEqual(spoken(wanted.extra?.tensors ?? []));
      expect(extra.aliases).toEqual(wanted.extra?.aliases ?? {});
      const opaque = issues.filter(({ code }) => code === 'opaque').map(({ subject }) => subject);
      for (const name of wanted.opaque) expect(opaque).toContain(name);
    });
  });
}

/** In the order of the file, and without what the oracle does not speak of. */
function spoken(tensors: Listed['tensors']) {
  return tensors.map(({ name, dtype, shape, sha256 }) => ({ name, dtype, shape, sha256 }));
}
