import nodePath from 'node:path';
import { compare, open, transform, verify, type Wishes } from '@torsh/core';
import { EXIT } from '../exit.ts';
import { expectedOf } from '../expected.ts';
import { about } from '../failure.ts';
import type { Lent } from '../lend.ts';
import { type Located, locate } from '../locate.ts';
import { damageText, type Ending } from '../render/error.ts';
import { formatList } from '../render/report.ts';
import { printable } from '../render/text.ts';
import type { Target } from '../target.ts';
import type { World } from '../world.ts';

/** How a copy was made, and what is lent to check it. */
export interface CopyCheck {
  readonly wishes: Wishes;
  readonly lossless: boolean;
  readonly lent: Lent;
  readonly world: World;
}

/** `--verify`: reads what was written and compares it with the source; what is printed if they differ. */
export async function checkCopy(
  target: Target,
  source: Located,
  { wishes, lossless, lent, world }: CopyCheck,
): Promise<Ending | undefined> {
  const quietly = { ...lent.options, report: undefined };
  const copy = await locate(target.path, world.cwd);
  try {
    const asCopy = { ...withoutReport(quietly), from: target.format.id };
    const { damages } = await about(target.path, () => verify(copy.input, asCopy));
    if (damages.length > 0) {
      const lines = damages.map((damage) => damageText(damage, target.path, world.cwd));
      return ending(
        target.path,
        'the result is damaged; do not use it. Is the disk in order?',
        lines,
        EXIT.badFile,
      );
    }
    const differences = await about(target.path, async () => {
      const whole = await open(source.input, withoutReport(quietly));
      const wanted = transform(whole, wishes);
      const { accepts, keeps } = target.format.writer!;
      const expected =
        (await keeps?.(wanted, lent.options.limits, nodePath.basename(target.path))) ??
        expectedOf(wanted, accepts, lossless ? 'refused' : 'allowed');
      return compare(await open(copy.input, asCopy), expected, asCopy);
    });
    if (differences.length === 0) return undefined;
    const lines = differences.map(({ message }) => printable(message));
    return ending(
      target.path,
      `the result is not what ${source.path} holds; do not use it.`,
      lines,
      EXIT.findings,
    );
  } finally {
    await copy.close();
  }
}

function withoutReport<T extends { report?: unknown }>(options: T): Omit<T, 'report'> {
  const { report: _, ...rest } = options;
  return rest;
}

function ending(path: string, sentence: string, lines: readonly string[], code: number): Ending {
  return { text: `torsh: ${printable(`${path}: ${sentence}`)}\n${formatList(lines)}`, code };
}
