import { type Validation, validate } from '@torsh/core';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../exit.ts';
import { about } from '../failure.ts';
import { lend } from '../lend.ts';
import { locate } from '../locate.ts';
import { type Colours, coloursFor } from '../render/colour.ts';
import { countOf } from '../render/number.ts';
import { formatJson, printable } from '../render/text.ts';
import type { World } from '../world.ts';

/** `torsh check`. */
export async function runCheck(given: Arguments, world: World): Promise<number> {
  const lent = lend(given, world);
  const file = await locate(given.words[0]!, world.cwd, lent.url);
  try {
    const found = await about(file.path, () => validate(file.input, lent.options));
    lent.bar.clear();
    if (lent.json) world.stdout.write(formatJson({ path: file.path, ...found }));
    else if (!found.valid || !lent.quiet) {
      world.stdout.write(format(file.path, found, coloursFor(world.stdout, world.env)));
    }
    return found.valid ? EXIT.done : EXIT.findings;
  } finally {
    lent.bar.clear();
    await file.close();
  }
}

function format(path: string, { format: id, valid, findings, more }: Validation, colours: Colours): string {
  const paint = { error: colours.red, warning: colours.yellow };
  const lines = findings.map(({ severity, rule, path: place, message }) =>
    [
      `${paint[severity](severity)} ${printable(place)}`,
      `  ${printable(message)} ${colours.dim(`(${rule})`)}`,
    ].join('\n'),
  );
  const count = countOf(findings.length + more, 'finding');
  const shown = more === 0 ? '' : `, of which the first ${findings.length} are shown`;
  const verdict = valid ? colours.green('valid') : colours.red('invalid');
  const rest = findings.length === 0 ? '' : `: ${count}${shown}`;
  return `${[...lines, `${verdict} ${printable(path)} (${id})${rest}`].join('\n')}\n`;
}
