import fs from 'node:fs';
import nodePath from 'node:path';
import { countOf, formatBytes } from '../src/render/number.ts';
import { run } from '../src/run.ts';
import { testWorld } from './terminal.ts';

/*
 * A case is a text file. A line that begins with `$` is a command; what follows is what it prints: lines with `! ` in
 * front come from standard error, and `[exit 2]` is the exit code where it is not 0. Lines before the first command are
 * a comment. Besides `torsh` there are `ls`, `cp <from> <to>`, `cut <from> <to> <bytes>`, `flip <file> <hex>` (changes the first of
 * these bytes where they first occur), `mkdir <folder>`.
 */

/** Runs every command of a case in a folder and gives the case as it should be written. */
export async function replay(text: string, folder: string): Promise<string> {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.startsWith('$ '));
  const parts = [lines.slice(0, first).join('\n').trimEnd()];
  for (const line of lines) {
    if (line.startsWith('$ '))
      parts.push(`${line}\n${await execute(wordsOf(line.slice(2)), folder)}`.trimEnd());
  }
  return `${parts.join('\n\n')}\n`;
}

async function execute([name, ...args]: string[], folder: string): Promise<string> {
  const at = (index: number) => nodePath.join(folder, args[index]!);
  const tools: Readonly<Record<string, () => unknown>> = {
    torsh: () => torsh(args, folder),
    ls: () =>
      `${fs
        .readdirSync(args[0] === undefined ? folder : at(0))
        .filter((each) => !given(each))
        .sort()
        .join('\n')}\n`,
    cp: () => fs.copyFileSync(at(0), at(1)),
    cut: () => fs.writeFileSync(at(1), fs.readFileSync(at(0)).subarray(0, Number(args[2]))),
    mkdir: () => fs.mkdirSync(at(0)),
    flip: () => flip(at(0), args[1]!),
  };
  const tool = tools[name!];
  if (tool === undefined) throw new Error(`a case uses the command ${name}, which does not exist`);
  return String((await tool()) ?? '');
}

const GIVEN =
  /^(small|cut|evil|other)\.safetensors$|^(empty|page|pointer|tiny|own-classes|tied|script|frozen|shape-timm|module-buffers|net|mocks|script-shared)\.pt$|^(names|clash|absent|broken)\.json$|^flat\.ptl$|^noise\.bin$|^program\.pt2$|^sharded$|^onnx$|^pond$|^crate$|^lib$|^prepare\.py$/;

function given(name: string): boolean {
  return GIVEN.test(name);
}

async function torsh(args: readonly string[], cwd: string): Promise<string> {
  const env: { [name: string]: string } = {};
  const world = testWorld({ cwd, env });
  const code = await run(args, world);
  const errors = world.stderr.text().replace(/^/gm, '! ').replace(/! $/, '').replace(/ +$/gm, '');
  const all = `${world.stdout.text()}${errors}${code === 0 ? '' : `[exit ${code}]\n`}`;
  return withoutSizes(all, cwd).replaceAll(cwd, '<folder>');
}

function flip(path: string, hex: string): void {
  const bytes = fs.readFileSync(path);
  const index = bytes.indexOf(Buffer.from(hex, 'hex'));
  if (index < 0) throw new Error(`${path} has no ${hex}`);
  bytes[index] = bytes[index]! ^ 0xff;
  fs.writeFileSync(path, bytes);
}

/** The size of an archive depends on the version of torsh that it names, so cases do not show it. */
function withoutSizes(text: string, folder: string): string {
  let result = text;
  for (const name of fs.readdirSync(folder).filter((each) => each.endsWith('.torsh'))) {
    const { size } = fs.statSync(nodePath.join(folder, name));
    result = result
      .replaceAll(`"bytes": ${size}\n`, `"bytes": <size of ${name}>\n`)
      .replaceAll(`${formatBytes(size)} (${countOf(size, 'byte')})`, `<size of ${name}>`);
  }
  return result;
}

/** Words as a shell would split them, as far as cases need it. */
function wordsOf(line: string): string[] {
  return Array.from(line.matchAll(/"([^"]*)"|(\S+)/g), ([, quoted, plain]) => quoted ?? plain!);
}
