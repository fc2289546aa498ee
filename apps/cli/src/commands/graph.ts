import { draw } from '@torsh/core';
import { toFile } from '@torsh/node';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../exit.ts';
import { about } from '../failure.ts';
import { lend } from '../lend.ts';
import { locate } from '../locate.ts';
import { placeFor } from '../output.ts';
import { renderSvg } from '../render/svg.ts';
import { UsageError } from '../usage.ts';
import type { World } from '../world.ts';

/** `torsh graph`. */
export async function runGraph(given: Arguments, world: World): Promise<number> {
  const output = given.text('output');
  const form = formOf(given, output);
  const lent = lend(given, world);
  const { options } = lent;
  const model = await locate(given.words[0]!, world.cwd, lent.url);
  try {
    const force = given.flag('force');
    const target = output === undefined ? undefined : placeFor(output, [model], world.cwd, { force });
    const text = await about(model.path, async () => {
      const drawing = await draw(model.input, { ...options, part: given.text('subgraph') });
      return form === 'dot'
        ? drawing.dot
        : renderSvg(drawing, options.limits, options.signal ?? world.signal);
    });
    if (target === undefined) {
      world.stdout.write(text);
      return EXIT.done;
    }
    const sink = await toFile(target, { force });
    try {
      await sink.write(new TextEncoder().encode(text));
      await sink.close();
    } catch (error) {
      await sink.abort(error);
      throw error;
    }
    if (!lent.quiet) world.stderr.write(`wrote ${output}\n`);
    return EXIT.done;
  } finally {
    await model.close();
  }
}

function formOf(given: Arguments, output: string | undefined): 'dot' | 'svg' {
  const [dot, svg] = [given.flag('dot'), given.flag('svg')];
  if (dot && svg) throw new UsageError('--dot and --svg are two forms; ask for one.', 'help graph');
  if (dot || svg) return dot ? 'dot' : 'svg';
  if (output === undefined)
    throw new UsageError('Say --svg for a picture or --dot for its text.', 'help graph');
  return /\.(?:dot|gv)$/i.test(output) ? 'dot' : 'svg';
}
