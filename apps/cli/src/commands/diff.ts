import { type Archive, type Diff, diff, open } from '@torsh/core';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../exit.ts';
import { about } from '../failure.ts';
import { lend } from '../lend.ts';
import { type Located, locate } from '../locate.ts';
import { coloursFor } from '../render/colour.ts';
import { diffStat, diffText } from '../render/diff.ts';
import { formatJson } from '../render/text.ts';
import { UsageError } from '../usage.ts';
import type { World } from '../world.ts';

/** `torsh diff`. */
export async function runDiff(given: Arguments, world: World): Promise<number> {
  const tolerance = { atol: numberOf(given, 'atol'), rtol: numberOf(given, 'rtol') };
  if (given.flag('stat') && given.flag('json'))
    throw new UsageError('--json has everything; leave --stat out.', 'help diff');
  const lent = lend(given, world);
  const places: Located[] = [];
  try {
    for (const path of given.words) places.push(await locate(path, world.cwd, lent.url));
    const [a, b] = places as [Located, Located];
    const { report: _, ...options } = lent.options;
    const opened = (place: Located): Promise<Archive> => about(place.path, () => open(place.input, options));
    const [before, after] = [await opened(a), await opened(b)];
    const found = await about(b.path, () => diff(before, after, { ...options, ...tolerance }));
    lent.bar.clear();
    const sides = { before: sideOf(a, before), after: sideOf(b, after) };
    if (lent.json) world.stdout.write(formatJson({ ...sides, ...found }));
    else if (!lent.quiet) {
      const colours = coloursFor(world.stdout, world.env);
      const text = given.flag('stat') ? diffStat : diffText;
      world.stdout.write(text(found, sides, colours));
    }
    return resultOf(found);
  } finally {
    lent.bar.clear();
    for (const place of places) await place.close();
  }
}

function sideOf({ path }: Located, { origin }: Archive) {
  return { path, format: origin };
}

function resultOf({ same }: Diff): number {
  return same ? EXIT.done : EXIT.findings;
}

function numberOf(given: Arguments, option: string): number | undefined {
  const text = given.text(option);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value >= 0) || text.trim() === '')
    throw new UsageError(`--${option} ${text}: write a number, 0 or more, such as 1e-5.`, 'help diff');
  return value;
}
