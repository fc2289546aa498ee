import { limits } from '@torsh/bytes';
import type { Command, Completion, Option } from '../command.ts';

/** Makes a shell's script from the table of commands. */
export type Script = (commands: readonly Command[], formats: readonly string[]) => string;

/** The words that can stand in a place; `undefined` where it is the name of a file. */
export function wordsFor(
  completion: Completion | undefined,
  formats: readonly string[],
): readonly string[] | undefined {
  if (completion === 'file') return undefined;
  if (completion === 'format') return formats;
  if (completion === 'limit') return Object.keys(limits).map((name) => `${name}=`);
  return completion ?? [];
}

/** `--to` and `-f`: every way to write an option. */
export function spellingsOf(name: string, { short }: Option): string[] {
  return short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`];
}
