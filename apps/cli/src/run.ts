import { parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { EXIT } from './exit.ts';
import { nearest, suggestion, UsageError } from './usage.ts';
import type { World } from './world.ts';

/** Runs one command line and gives the exit code. Everything it prints goes to the world's streams. */
export async function run(argv: readonly string[], world: World): Promise<number> {
  try {
    return await dispatch(argv, world);
  } catch (error) {
    const { endingOf } = await import('./render/error.ts');
    const { text, code } = endingOf(error, world);
    world.stderr.write(text);
    return code;
  }
}

async function dispatch([first, ...rest]: readonly string[], world: World): Promise<number> {
  if (first === undefined) {
    world.stderr.write(await helpOf(undefined));
    return EXIT.usage;
  }
  if (first === '--version' || first === '-V') {
    const { version } = await import('./version.ts');
    world.stdout.write(`${version()}\n`);
    return EXIT.done;
  }
  if (first === '--help' || first === '-h' || first === 'help') {
    world.stdout.write(await helpOf(rest[0]));
    return EXIT.done;
  }
  const command = commandNamed(first);
  if (rest.some((word) => word === '--help' || word === '-h')) {
    world.stdout.write(await helpOf(first));
    return EXIT.done;
  }
  const given = parseArguments(rest, command);
  const start = await command.load();
  return start(given, world, commands);
}

async function helpOf(name: string | undefined): Promise<string> {
  const { commandHelp, programHelp } = await import('./help.ts');
  return name === undefined || name === 'help' ? programHelp(commands) : commandHelp(commandNamed(name));
}

function commandNamed(name: string): Command {
  const command = commands.find((each) => each.name === name);
  if (command !== undefined) return command;
  const names = [...commands.map((each) => each.name), 'help'];
  if (name.startsWith('-')) throw new UsageError(`There is no option ${name} before a command.`, 'help');
  if (nearest(name, names) === undefined && /[./\\]/.test(name)) {
    throw new UsageError(`"${name}" is no command. Did you mean \`torsh inspect ${name}\`?`);
  }
  throw new UsageError(
    `There is no command "${name}".${suggestion(name, names) || ` There are ${names.join(', ')}.`}`,
    'help',
  );
}
