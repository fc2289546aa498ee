import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import * as bytes from '@torsh/bytes';
import * as core from '@torsh/core';
import * as formats from '@torsh/formats';
import * as node from '@torsh/node';
import * as python from '@torsh/python';
import * as torch from '@torsh/torch';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../src/run.ts';
import { testWorld } from './terminal.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = fs.readFileSync(`${root}docs/formats/torch-package.md`, 'utf8');

/** What examples import. Their paths are those of this repository, wherever the test is run. */
const modules: Readonly<Record<string, object>> = {
  '@torsh/bytes': bytes,
  '@torsh/core': core,
  '@torsh/formats': formats,
  '@torsh/node': {
    ...node,
    fromFile: (path: string) => node.fromFile(root + path),
    fromFolder: (path: string) => node.fromFolder(root + path),
  },
  '@torsh/python': python,
  '@torsh/torch': torch,
};

interface Example {
  readonly title: string;
  readonly code: string;
  readonly output: string;
}

/** Every example: the question above it, its code, and what the page says that it prints. */
function examples(language: 'js' | 'console'): Example[] {
  const found: Example[] = [];
  let title = '';
  for (const [block, heading, kind, content] of page.matchAll(/^#+ (.*)$|^```(\w*)\n([\s\S]*?)^```$/gm)) {
    if (heading !== undefined) title = heading;
    else if (kind === 'js') found.push({ title, code: content!, output: '' });
    else if (kind === 'text') found[found.length - 1] = { ...found.at(-1)!, output: content! };
    else if (kind === 'console' && language === 'console') {
      for (const [, code, output] of content!.matchAll(/^(\$ .*)\n((?:(?!\$ ).*\n)*)/gm))
        found.push({ title, code: code!, output: output! });
    } else if (kind === undefined) throw new Error(`what is ${block}?`);
  }
  const isCommand = ({ code }: Example) => code.startsWith('$ ');
  return found.filter((each) => isCommand(each) === (language === 'console'));
}

/** Runs an example as a module would be, and gives what it prints. */
async function printed(code: string): Promise<string> {
  const lines: string[] = [];
  const text = (value: unknown) => (typeof value === 'string' ? value : inspect(value));
  const console = { log: (...values: unknown[]) => lines.push(`${values.map(text).join(' ')}\n`) };
  const body = code.replace(/^import (\{.*\}) from ('.*');$/gm, 'const $1 = imported[$2];');
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  await new AsyncFunction('imported', 'console', body)(modules, console);
  return lines.join('');
}

/** Where the commands are run, one behind the other: what they write goes there, and the fixtures seem to be there. */
const folder = fs.mkdtempSync(join(tmpdir(), 'torsh-page-'));
fs.symlinkSync(`${root}fixtures`, join(folder, 'fixtures'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe('examples of docs/formats/torch-package.md', () => {
  it.each(examples('js').map((each) => [each.title, each] as const))('%s', async (_, { code, output }) => {
    expect(await printed(code)).toBe(output);
  });

  it.each(examples('console').map((each) => [each.code, each] as const))(
    '%s',
    async (_, { code, output }) => {
      const world = testWorld({ cwd: folder, env: {} });
      const words = [...code.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);
      expect(await run(words.slice(2), world)).toBe(0);
      expect(world.stdout.text()).toBe(output);
    },
  );

  it('are there', () => {
    expect(examples('js').length).toBeGreaterThanOrEqual(13);
    // Each question has an answer on the command line.
    const answered = new Set(examples('console').map(({ title }) => title));
    const questions = examples('js').map(({ title }) => title);
    expect(questions.filter((title) => title.startsWith('…') && !answered.has(title))).toEqual([]);
  });
});
