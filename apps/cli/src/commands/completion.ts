import { allFormats } from '@torsh/formats';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { bash } from '../completions/bash.ts';
import { fish } from '../completions/fish.ts';
import { zsh } from '../completions/zsh.ts';
import { EXIT } from '../exit.ts';
import { suggestion, UsageError } from '../usage.ts';
import type { World } from '../world.ts';

const shells = new Map(Object.entries({ bash, zsh, fish }));

/** `torsh completion`. */
export async function runCompletion(
  given: Arguments,
  world: World,
  commands: readonly Command[],
): Promise<number> {
  const shell = given.words[0]!;
  const script = shells.get(shell);
  if (script === undefined) {
    const near = suggestion(shell, shells.keys()) || ` There are ${[...shells.keys()].join(', ')}.`;
    throw new UsageError(`There is no completion for "${shell}".${near}`, 'help completion');
  }
  world.stdout.write(
    script(
      commands,
      allFormats().map(({ id }) => id),
    ),
  );
  return EXIT.done;
}
