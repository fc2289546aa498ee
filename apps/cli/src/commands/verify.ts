import nodePath from 'node:path';
import { compare, type Difference, open, type Verification, verify } from '@torsh/core';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../exit.ts';
import { expectedOf } from '../expected.ts';
import { about } from '../failure.ts';
import { type Lent, lend } from '../lend.ts';
import { type Located, locate } from '../locate.ts';
import { coloursFor } from '../render/colour.ts';
import { damageText } from '../render/error.ts';
import { countOf, formatBytes } from '../render/number.ts';
import { formatList } from '../render/report.ts';
import { formatJson, printable } from '../render/text.ts';
import type { World } from '../world.ts';

/** `torsh verify`. */
export async function runVerify(given: Arguments, world: World): Promise<number> {
  const lent = lend(given, world);
  const file = await locate(given.words[0]!, world.cwd, lent.url);
  try {
    const found = await about(file.path, () => verify(file.input, lent.options));
    const source = given.text('against');
    // A damaged file differs from anything; its damages say more than its differences.
    const compared = source !== undefined && found.damages.length === 0;
    const differences = compared ? await differencesOf(file, source, found.format, lent, world) : [];
    lent.bar.clear();
    if (lent.json) printJson(found, differences, file, world);
    else print(found, compared ? { source, differences } : undefined, file, lent, world);
    if (found.damages.length > 0) return EXIT.badFile;
    return differences.length > 0 ? EXIT.findings : EXIT.done;
  } finally {
    lent.bar.clear();
    await file.close();
  }
}

async function differencesOf(
  file: Located,
  path: string,
  format: string,
  { options, url }: Lent,
  world: World,
): Promise<Difference[]> {
  const source = await locate(path, world.cwd, url);
  try {
    const whole = await about(path, () => open(source.input, { ...options, from: undefined }));
    const { reader, writer } = options.formats.find(({ id }) => id === format)!;
    return await about(file.path, async () => {
      const copy = await open(file.input, options);
      const strict = await compare(copy, expectedOf(whole, reader!.yields, 'refused'), options);
      // The format may say the same in another form; if so, that form is as good.
      const name = nodePath.basename(file.path);
      const kept = strict.length > 0 ? await writer?.keeps?.(whole, options.limits, name) : undefined;
      const differences = kept === undefined ? strict : await compare(copy, kept, options);
      return differences.length === 0 ? differences : strict;
    });
  } finally {
    await source.close();
  }
}

function printJson(
  found: Verification,
  differences: readonly Difference[],
  file: Located,
  world: World,
): void {
  const { format, tensors, bytes } = found;
  const damages = found.damages.map(({ code, message, path, offset }) => ({ code, message, path, offset }));
  const sound = damages.length === 0 && differences.length === 0;
  world.stdout.write(formatJson({ path: file.path, format, tensors, bytes, sound, damages, differences }));
}

interface Compared {
  readonly source: string;
  readonly differences: readonly Difference[];
}

function print(
  { format, tensors, bytes, damages }: Verification,
  compared: Compared | undefined,
  { path }: Located,
  { quiet }: Lent,
  world: World,
): void {
  const { red, green } = coloursFor(world.stdout, world.env);
  if (damages.length > 0) {
    const lines = damages.map((damage) => damageText(damage, path, world.cwd));
    world.stdout.write(
      `${red('damaged')} ${printable(path)}: ${countOf(lines.length, 'part')}\n${formatList(lines)}`,
    );
    return;
  }
  if (compared !== undefined && compared.differences.length > 0) {
    const lines = compared.differences.map(({ message }) => printable(message));
    const title = `${red('differs')} ${printable(path)} from ${printable(compared.source)}: ${countOf(lines.length, 'difference')}`;
    world.stdout.write(`${title}\n${formatList(lines)}`);
    return;
  }
  if (quiet) return;
  const same = compared === undefined ? '' : `, the same as in ${printable(compared.source)}`;
  world.stdout.write(
    `${green('sound')} ${printable(path)} (${format}): ${countOf(tensors, 'tensor')}, ${formatBytes(bytes)}${same}\n`,
  );
}
