import type { Command } from '../command.ts';
import { type Script, wordsFor } from './words.ts';

/** The completion script of fish. */
export const fish: Script = (commands, formats) =>
  [
    '# Completions of torsh for fish: torsh completion fish > ~/.config/fish/completions/torsh.fish',
    'complete -c torsh -f',
    ...commands.map(
      ({ name, about }) => `complete -c torsh -n __fish_use_subcommand -a ${name} -d ${quote(about)}`,
    ),
    `complete -c torsh -n __fish_use_subcommand -a help -d 'explain a command'`,
    ...commands.flatMap((command) => linesOf(command, formats)),
    `complete -c torsh -n '__fish_seen_subcommand_from help' -a '${commands.map(({ name }) => name).join(' ')}'`,
    '',
  ].join('\n');

function linesOf(command: Command, formats: readonly string[]): string[] {
  const begin = `complete -c torsh -n '__fish_seen_subcommand_from ${command.name}'`;
  const lines = Object.entries(command.options).map(([name, { short, value, about, complete }]) => {
    const words = wordsFor(complete, formats);
    const argument =
      value === undefined ? '' : words === undefined ? ' -r -F' : ` -x -a ${quote(words.join(' '))}`;
    return `${begin}${short === undefined ? '' : ` -s ${short}`} -l ${name}${argument} -d ${quote(about)}`;
  });
  const words = wordsFor(command.words.complete, formats);
  if (words === undefined) lines.push(`${begin} -F`);
  else if (words.length > 0) lines.push(`${begin} -a ${quote(words.join(' '))}`);
  if (command.name === 'convert') lines.push(`${begin} -a ${quote(`to ${formats.join(' ')}`)}`);
  return lines;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
