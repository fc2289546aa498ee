import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type ByteSource, fromBytes, fromFiles, isTorshError, webPlatform, withLimits } from '@torsh/bytes';
import { createContext } from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { type Survey, survey } from '../../src/index.ts';
import { openAndRead } from '../support.ts';
import { type Row, rows } from './matrix.ts';

const fixtures = new URL('../../../../fixtures/', import.meta.url);
const placeOf = (name: string): URL => {
  const scanCase = new URL(`scan-cases/${name}`, fixtures);
  return existsSync(scanCase) ? scanCase : new URL(`bypass/${name}`, fixtures);
};
const load = (name: string) => new Uint8Array(readFileSync(placeOf(name)));

/** The smallest work that does for all of these files: what needs more would be a way to keep a reader busy. */
const work = withLimits({ pickleSteps: 41_000, pickleStack: 10_000, pickleObjects: 41_000, entries: 100 });

/** Surveys a file and counts what is read of it. */
async function surveyed(bytes: Uint8Array): Promise<Survey & { readonly read: number }> {
  let read = 0;
  const held = fromBytes(bytes);
  const source: ByteSource = {
    size: held.size,
    read(offset, length, options) {
      read += length;
      return held.read(offset, length, options);
    },
  };
  const context = createContext({ formats: [], platform: webPlatform, limits: work });
  const input = { files: fromFiles(new Map([['x.pt', source]])), entry: 'x.pt' };
  return { ...(await survey(input, context)), read };
}

/** The code with which the format refuses the file; `undefined` where it opens it. */
async function refusalOf(bytes: Uint8Array): Promise<string | undefined> {
  try {
    await openAndRead(bytes);
    return undefined;
  } catch (error) {
    if (isTorshError(error)) return error.code;
    throw error;
  }
}

const unknownIn = ({ found }: Survey) =>
  found.flatMap(({ path, globals }) =>
    globals
      .filter(({ known }) => !known)
      .map(
        ({ module, name, offset }) =>
          `${path}${path === '' ? '' : ' '}${module ?? '?'}.${name ?? '?'}@${offset}`,
      ),
  );
const notesIn = ({ found, notes }: Survey) => [...found.flatMap((each) => each.notes), ...notes];

describe.each(rows)('$id: $technique', ({ files }: Row) => {
  it.each(files)('%s', async (name, ...shows) => {
    const bytes = load(name);
    const result = await surveyed(bytes);
    // The bytes are read a few times at most, whatever they say.
    expect(result.read).toBeLessThan(bytes.length * 8 + 8192);
    for (const { path, globals, offset } of result.found) {
      // Every name is told with its place, which is the opcode that imports it.
      for (const use of globals) expect(use.offset).toBeGreaterThanOrEqual(offset);
      if (path !== '') continue;
      const opcodes = { GLOBAL: 0x63, STACK_GLOBAL: 0x93, INST: 0x69, EXT1: 0x82, EXT2: 0x83, EXT4: 0x84 };
      for (const use of globals) expect(bytes[use.offset]).toBe(opcodes[use.opcode as keyof typeof opcodes]);
    }
    expect(unknownIn(result).length > 0).toBe(shows.includes('names'));
    expect(result.programs.length > 0).toBe(shows.includes('program'));
    if (shows.includes('note')) expect(notesIn(result)).not.toEqual([]);
    expect(result.status === 'partial').toBe(shows.includes('partial'));
    if (shows.includes('refused')) expect(await refusalOf(bytes)).toBeDefined();
    if (result.status === 'error') expect(await refusalOf(bytes)).toBe(result.error!.code);
  });
});

it('no file is left out', () => {
  const used = new Set(rows.flatMap(({ files }) => files.map(([name]) => name)));
  const there = ['scan-cases', 'bypass'].flatMap((folder) => readdirSync(new URL(folder, fixtures)));
  const elsewhere = [
    'README.md',
    // Of the ZIP, and of compression, not of pickles: packages/zip and the survey's own tests have them.
    'eocd_cd_offset_differential.pt',
    'long1_zip_polyglot.pkl',
    'payload.joblib',
    'payload.pkl.gz',
  ];
  expect(there.filter((name) => !used.has(name) && !elsewhere.includes(name))).toEqual([]);
});

const intro = `# The bypass matrix

Known ways to slip code past readers of pickles and of PyTorch's files, each with files that try it, and what torsh says of them:
\`torsh inspect <file> --globals\`, or the key \`pickles\` of \`--json\`. Nothing in them is ever imported, called or run, and the work is bounded by
[limits](../limits.md). Every payload is harmless. The files are in \`fixtures/bypass\` and \`fixtures/scan-cases\`.

The **status** is \`complete\` where everything that somebody could unpickle was read, in the one way that there is; \`partial\` where a pickle is broken or readers
disagree about it; \`error\` where the file itself is refused, and then what was found in it anyway is listed. Status is not a verdict: a
complete file may name anything. **Names** are those that torsh does not know from honest checkpoints, each with the byte of the opcode that
imports it, counted in the content that stands before it: the file itself if nothing does, a member of it, and behind \`!/\` what lies in that.
\`?\` stands for what only running the pickle would tell. **Refused** is the code with which the reader of checkpoints refuses the file; files that are no checkpoint
of the ZIP form may be models of another format, so nothing is said there.

That torsh reports everything that CPython and torch import while they load these files is checked against them in \`conformance/test_bypass.py\`.
This page is made by \`packages/torch/test/survey/bypass.test.ts\`; after a change there, run
\`npx -y pnpm@10 vitest run -u packages/torch/test/survey/bypass.test.ts\`.
`;

it('docs/security/bypass-matrix.md says what the survey says', async () => {
  const lines = [
    '| row | technique | file | status | names | notes | refused |',
    '|---|---|---|---|---|---|---|',
  ];
  for (const { id, technique, files } of rows) {
    for (const [index, [name, ...shows]] of files.entries()) {
      const result = await surveyed(load(name));
      const refused = shows.includes('refused') ? await refusalOf(load(name)) : undefined;
      const notes = new Set([
        ...notesIn(result).map(({ code }) => code),
        ...result.found.flatMap(({ error }) => (error === undefined ? [] : [error.code])),
        ...result.programs.map(() => 'program'),
      ]);
      const cells = [
        ...(index === 0 ? [id, technique] : ['', '']),
        `\`${name}\``,
        result.status,
        unknownIn(result).map(cell).join(', '),
        [...notes].join(', '),
        refused ?? '',
      ];
      lines.push(`| ${cells.join(' | ')} |`);
    }
  }
  await expect(`${intro}\n${lines.join('\n')}\n`).toMatchFileSnapshot(
    '../../../../docs/security/bypass-matrix.md',
  );
});

/** Names as code, with what would break a table spelled out. */
function cell(name: string): string {
  return `\`${JSON.stringify(name).slice(1, -1)}\``;
}
