import { createContext, describe, formatOf, openAs } from '@torsh/core';
import { survey } from '@torsh/torch';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../exit.ts';
import { about } from '../failure.ts';
import { lend } from '../lend.ts';
import { locate } from '../locate.ts';
import { coloursFor } from '../render/colour.ts';
import { formatIssues } from '../render/report.ts';
import { formatSummary, formatTensors } from '../render/summary.ts';
import { formatJson } from '../render/text.ts';
import { UsageError } from '../usage.ts';
import type { World } from '../world.ts';
import { runGlobals } from './globals.ts';

/** `torsh inspect`. */
export async function runInspect(given: Arguments, world: World): Promise<number> {
  const digests = given.flag('digests');
  if (digests && !given.flag('json')) throw new UsageError('--digests goes with --json.', 'help inspect');
  if (given.flag('tensors') && given.flag('json')) {
    throw new UsageError('--json has all tensors already; leave --tensors out.', 'help inspect');
  }
  if (given.flag('tensors') && given.flag('globals')) {
    throw new UsageError('--tensors and --globals are two tables; ask for one.', 'help inspect');
  }
  const lent = lend(given, world);
  const place = await locate(given.words[0]!, world.cwd, lent.url);
  try {
    if (given.flag('globals')) return await runGlobals(place, lent, world);
    const context = createContext(lent.options);
    const { formats, from } = lent.options;
    const format = await about(place.path, () => formatOf(place.input, formats, context, from));
    const archive = await about(place.path, () => openAs(format, place.input, context));
    const summarise = async () => about(place.path, async () => format.summarise?.(place.input, context));
    if (lent.json) {
      const description = await about(place.path, () => describe(archive, lent.issues, context, { digests }));
      const surveyed = await about(place.path, () => survey(place.input, context));
      const summary = (await summarise())?.facts;
      world.stdout.write(formatJson({ ...description, pickles: surveyed, summary }));
      return EXIT.done;
    }
    const colours = coloursFor(world.stdout, world.env);
    if (given.flag('tensors')) {
      world.stdout.write(formatTensors(archive, colours));
    } else {
      const rows = (await summarise())?.rows ?? [];
      // A format may leave the reading to another one, which then says what it is.
      const title = formats.find(({ id }) => id === archive.origin)?.title;
      const facts = { path: place.path, bytes: await place.bytes(), title, rows };
      world.stdout.write(formatSummary(archive, facts, colours));
    }
    if (!lent.quiet) world.stderr.write(formatIssues(lent.issues, coloursFor(world.stderr, world.env)));
    return EXIT.done;
  } finally {
    lent.bar.clear();
    await place.close();
  }
}
