import nodePath from 'node:path';
import { convert, createContext, type Format, type Report, torsh } from '@torsh/core';
import { type Salvage, salvage } from '@torsh/torch';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../exit.ts';
import { about } from '../failure.ts';
import { type Lent, lend } from '../lend.ts';
import { type Located, locate, sizeAt } from '../locate.ts';
import { outputFor } from '../output.ts';
import { coloursFor } from '../render/colour.ts';
import { formatIssues } from '../render/report.ts';
import { salvageJson, salvageSummary, soundText } from '../render/salvage.ts';
import { type Target, withoutEnding } from '../target.ts';
import { UsageError } from '../usage.ts';
import { version } from '../version.ts';
import type { World } from '../world.ts';

/** `torsh salvage`. */
export async function runSalvage(given: Arguments, world: World): Promise<number> {
  const [path, wished] = given.words as [string, string | undefined];
  const lent = lend(given, world);
  const source = await locate(path, world.cwd, lent.url);
  try {
    if (source.isFolder) throw new UsageError(`${path} is a folder; salvage recovers one file at a time.`);
    const target = { format: torsh(), path: wished ?? defaultOutput(source.outputBeside) };
    // Asked for at once, so that nobody waits for hours to hear that the name is taken.
    const output = outputFor(target, source, world.cwd, {
      force: given.flag('force'),
      fsync: !given.flag('no-fsync'),
    });
    const began = world.now();
    const found = await about(path, () => salvage(source.input, createContext(lent.options)));
    const report = found.sound
      ? undefined
      : await about(path, () =>
          convert(source.input, output, {
            ...lent.options,
            formats: [recovered(found)],
            to: target.format,
            allowLoss: true,
            converter: `torsh ${version()}`,
          }),
        );
    lent.bar.clear();
    await tell({ found, report, source, target, seconds: (world.now() - began) / 1000 }, lent, world);
    return found.lost.length > 0 ? EXIT.findings : EXIT.done;
  } finally {
    lent.bar.clear();
    await source.close();
  }
}

function defaultOutput(path: string): string {
  const name = `${withoutEnding(nodePath.basename(path))}.salvaged.torsh`;
  return nodePath.join(nodePath.dirname(path), name);
}

/** What was recovered, as a format that reads it: conversion then does all the rest. */
function recovered({ archive, issues }: Salvage): Format {
  return {
    id: archive.origin,
    title: 'what was recovered',
    detect: async () => ({ confidence: 'certain', reason: 'it was recovered already' }),
    reader: {
      yields: {
        dtypes: 'all',
        models: 'many',
        aliases: true,
        resources: true,
        metadata: 'all',
        modelMetadata: true,
      },
      async open(_, context) {
        for (const issue of issues) context.report(issue);
        return archive;
      },
    },
  };
}

/** A salvage that is over. */
interface Done {
  readonly found: Salvage;
  /** Absent where there was nothing to do. */
  readonly report: Report | undefined;
  readonly source: Located;
  readonly target: Target;
  readonly seconds: number;
}

async function tell(
  { found, report, source, target, seconds }: Done,
  lent: Lent,
  world: World,
): Promise<void> {
  if (lent.json) {
    const input = { path: source.path, bytes: await source.bytes() };
    const output =
      report === undefined ? undefined : { path: target.path, bytes: await sizeAt(target.path, world.cwd) };
    world.stdout.write(salvageJson({ found, report, input, output, seconds }));
    return;
  }
  if (lent.quiet) return;
  const colours = coloursFor(world.stdout, world.env);
  if (report === undefined) {
    world.stdout.write(soundText(source.path, colours));
    return;
  }
  world.stdout.write(salvageSummary(found, report, target.path, colours));
  world.stderr.write(formatIssues(report.issues, coloursFor(world.stderr, world.env)));
}
