import fs from 'node:fs';
import nodePath from 'node:path';
import { convert, type Format, type Issue, type Report, RequestError } from '@torsh/core';
import type { Arguments } from '../arguments.ts';
import { parseCreated } from '../created.ts';
import { EXIT } from '../exit.ts';
import { about } from '../failure.ts';
import { type Lent, lend, threadedPlatform } from '../lend.ts';
import { type Located, locate, sizeAt } from '../locate.ts';
import { outputFor } from '../output.ts';
import { coloursFor } from '../render/colour.ts';
import { conversionJson, conversionSummary, refusal } from '../render/conversion.ts';
import { formatIssues } from '../render/report.ts';
import { chooseTarget, type Target } from '../target.ts';
import { UsageError } from '../usage.ts';
import { version } from '../version.ts';
import { wishesOf } from '../wishes.ts';
import type { World } from '../world.ts';
import { checkCopy } from './check-copy.ts';

/** `torsh convert`. */
export async function runConvert(given: Arguments, world: World): Promise<number> {
  const [path, word] = wordsOf(given.words);
  const created = parseCreated(given.text('created'), world);
  const platform = created === undefined ? threadedPlatform : { ...threadedPlatform, now: () => created };
  const lent = lend(given, world, platform);
  const source = await locate(path, world.cwd, lent.url);
  try {
    const target = chooseTarget({
      input: source.outputBeside,
      word,
      to: given.text('to'),
      formats: lent.options.formats,
      isFolder: (each) => isFolder(nodePath.resolve(world.cwd, each)),
    });
    if (given.text('max-shard-size') !== undefined) refuseShards(target, lent.options.formats);
    refuseExternal(target, given);
    return await convertTo(target, source, given, lent, world);
  } finally {
    lent.bar.clear();
    await source.close();
  }
}

async function convertTo(
  target: Target,
  source: Located,
  given: Arguments,
  lent: Lent,
  world: World,
): Promise<number> {
  const output = outputFor(target, source, world.cwd, {
    force: given.flag('force'),
    fsync: !given.flag('no-fsync'),
  });
  const wishes = wishesOf(given, world.cwd);
  const began = world.now();
  const report = await about(source.path, () =>
    convert(source.input, output, {
      ...lent.options,
      to: target.format,
      allowLoss: given.flag('allow-loss'),
      ...wishes,
      converter: `torsh ${version()}`,
    }).catch((error: unknown) => {
      if (!(error instanceof RequestError)) throw error;
      throw new UsageError(`${source.path}: ${error.message}`, 'help convert');
    }),
  );
  const seconds = (world.now() - began) / 1000;
  if (report.written && given.flag('verify')) {
    const problem = await checkCopy(target, source, { wishes, lossless: report.lossless, lent, world });
    if (problem !== undefined) {
      lent.bar.clear();
      world.stderr.write(problem.text);
      return problem.code;
    }
  }
  lent.bar.clear();
  const done = { report, input: source.path, output: target.path, seconds, verified: given.flag('verify') };
  if (lent.json) {
    const written = report.written ? await sizeAt(target.path, world.cwd) : undefined;
    world.stdout.write(conversionJson(done, await source.bytes(), written));
    if (!report.written) world.stderr.write(refusal(done));
  } else if (report.written) {
    if (!lent.quiet) world.stdout.write(conversionSummary(done, coloursFor(world.stdout, world.env)));
    if (!lent.quiet) world.stderr.write(formatIssues(report.issues, coloursFor(world.stderr, world.env)));
  } else {
    world.stderr.write(
      refusal(done) + formatIssues(reasons(report, lent), coloursFor(world.stderr, world.env)),
    );
  }
  return report.written ? EXIT.done : EXIT.findings;
}

/** Formats that can be written in shards write folders as soon as there is a size for shards; all others are one file. */
function refuseShards({ format }: Target, formats: readonly Format[]): void {
  if (format.writer!.layout === 'tree') return;
  const sharded = formats.filter(({ writer }) => writer?.layout === 'tree').map(({ id }) => id);
  throw new UsageError(
    `--max-shard-size is for ${sharded.join(' and ')}; ${format.id} is one file.`,
    'help convert',
  );
}

/** Only ONNX models name files that have their weights. */
function refuseExternal({ format }: Target, given: Arguments): void {
  if (format.id === 'onnx') return;
  for (const option of ['external-data', 'weights-in']) {
    if (given.text(option) === undefined) continue;
    throw new UsageError(`--${option} is for onnx, not for ${format.id}.`, 'help convert');
  }
}

/** The input and the word for the target; the `to` between them is optional. */
function wordsOf([input, second, third]: readonly string[]): [input: string, target: string | undefined] {
  if (third !== undefined && second !== 'to') {
    throw new UsageError(
      `Between an input and its target stands "to", not "${second}"; one input at a time.`,
      'help convert',
    );
  }
  if (third === undefined && second === 'to') {
    throw new UsageError(
      'Behind "to" comes a format or a path: `torsh convert torch.pt to torsh`.',
      'help convert',
    );
  }
  return [input!, third ?? second];
}

/** The issues that explain a refusal; notes are left out where few words are wanted. */
function reasons({ issues }: Report, { quiet }: Lent): readonly Issue[] {
  return quiet ? issues.filter(({ severity }) => severity !== 'note') : issues;
}

/** A path that leads nowhere is no folder; why it leads nowhere is said where the output is made. */
function isFolder(absolute: string): boolean {
  try {
    return fs.statSync(absolute).isDirectory();
  } catch {
    return false;
  }
}
