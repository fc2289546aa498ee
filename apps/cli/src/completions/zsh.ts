import type { Command, Completion, Option } from '../command.ts';
import { type Script, wordsFor } from './words.ts';

/** The completion script of zsh. */
export const zsh: Script = (commands, formats) => `#compdef torsh
# Completions of torsh for zsh: torsh completion zsh > "\${fpath[1]}/_torsh"
_torsh() {
  local -a commands=(
${commands.map(({ name, about }) => `    ${quote(`${name}:${about}`)}`).join('\n')}
    'help:explain a command'
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local name="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$name" in
    help) _describe command commands ;;
${commands.map((command) => branch(command, formats)).join('\n')}
  esac
}
if [ "$funcstack[1]" = _torsh ]; then _torsh "$@"; else compdef _torsh torsh; fi
`;

function branch(command: Command, formats: readonly string[]): string {
  const specs = Object.entries(command.options).map(([name, option]) => quote(spec(name, option, formats)));
  const words =
    command.name === 'convert'
      ? [
          quote('1:input:_files'),
          quote(`*:target:_alternative "formats:format:(to ${formats.join(' ')})" "files:file:_files"`),
        ]
      : command.words.most > 0
        ? [
            quote(
              `1:${command.words.complete === 'file' ? 'input' : 'word'}:${action(command.words.complete, formats)}`,
            ),
          ]
        : [];
  return `    ${command.name}) _arguments ${[...specs, ...words].join(' \\\n      ')} ;;`;
}

function spec(
  name: string,
  { short, value, many, about, complete }: Option,
  formats: readonly string[],
): string {
  const text = `[${about.replace(/[[\]:]/g, '\\$&')}]`;
  const tail = value === undefined ? text : `${text}:${name}:${action(complete, formats)}`;
  const star = many === true ? '*' : '';
  // The short form of a switch is a second spelling; `_arguments` takes one at a time, so the long one is offered.
  return short === undefined ? `${star}--${name}${tail}` : `(-${short})--${name}${tail}`;
}

function action(completion: Completion | undefined, formats: readonly string[]): string {
  const words = wordsFor(completion, formats);
  if (words === undefined) return '_files';
  return words.length === 0 ? ' ' : `(${words.join(' ')})`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
