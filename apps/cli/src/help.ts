import { limits } from '@torsh/bytes';
import type { Command } from './command.ts';
import { formatTable } from './render/table.ts';

/** The help of the whole program. */
export function programHelp(commands: readonly Command[]): string {
  const rows = commands.map(({ name, about }) => [`  ${name}`, about]);
  return [
    'torsh converts, inspects and checks model files. Nothing that is in them is ever run.',
    '',
    'Usage: torsh <command> …',
    '',
    formatTable([...rows, ['  help', 'explain a command: torsh help convert']]),
    '',
    formatTable([
      ['  torsh convert torch.pt to torsh', 'makes torch.torsh'],
      ['  torsh inspect torch.pt', 'shows what is inside'],
    ]),
    '',
    formatTable([
      ['  -h, --help', 'help, also of a command'],
      ['  -V, --version', 'the version'],
    ]),
    '',
  ].join('\n');
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const options = Object.entries(command.options).map(([name, { short, value, about }]) => [
    `  ${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
    about,
  ]);
  const lines = [
    `torsh ${command.name}: ${command.about}.`,
    '',
    ...command.usage.map((usage, index) => `${index === 0 ? 'Usage:' : '      '} ${usage}`),
    '',
    formatTable(options),
    '',
  ];
  if (command.notes !== undefined) lines.push(...command.notes, '');
  if (command.name === 'convert') lines.push('Limits:', formatTable(limitRows()), '');
  lines.push('Examples:', formatTable(command.examples.map(([line, meaning]) => [`  ${line}`, meaning])), '');
  return lines.join('\n');
}

function limitRows(): string[][] {
  return Object.entries(limits).map(([name, limit]) => [`  ${name}`, String(limit.default), limit.stops]);
}
