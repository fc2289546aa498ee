import type { Command } from '../command.ts';
import { type Script, spellingsOf, wordsFor } from './words.ts';

/** The completion script of bash. */
export const bash: Script = (
  commands,
  formats,
) => `# Completions of torsh for bash: source <(torsh completion bash)
_torsh() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${[...commands.map(({ name }) => name), 'help', '--help', '--version'].join(' ')}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
    help) COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')}" -- "$word")) ;;
${commands.map((command) => branch(command, formats)).join('\n')}
  esac
}
complete -o filenames -o bashdefault -F _torsh torsh
`;

function branch(command: Command, formats: readonly string[]): string {
  const values = Object.entries(command.options)
    .filter(([, option]) => option.value !== undefined)
    .map(([name, option]) => {
      const reply = generate(wordsFor(option.complete, formats));
      return `        ${spellingsOf(name, option).join('|')}) ${reply}; return ;;`;
    });
  if (command.name === 'convert') {
    values.push(`        to) COMPREPLY=($(compgen -W "${formats.join(' ')}" -f -- "$word")); return ;;`);
  }
  const options = Object.entries(command.options).flatMap(([name, option]) => spellingsOf(name, option));
  return [
    `    ${command.name})`,
    ...(values.length > 0 ? ['      case "$before" in', ...values, '      esac'] : []),
    `      case "$word" in`,
    `        -*) COMPREPLY=($(compgen -W "${options.join(' ')}" -- "$word")) ;;`,
    `        *) ${generate(wordsFor(command.words.complete, formats))} ;;`,
    '      esac ;;',
  ].join('\n');
}

function generate(words: readonly string[] | undefined): string {
  const source = words === undefined ? '-f' : `-W "${words.join(' ')}"`;
  return `COMPREPLY=($(compgen ${source} -- "$word"))`;
}
