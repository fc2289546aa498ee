import { parseArgs } from 'node:util';
import type { Command, Option } from './command.ts';
import { suggestion, UsageError } from './usage.ts';

/** What was typed after the name of a command, checked against its options. */
export interface Arguments {
  readonly words: readonly string[];
  flag(option: string): boolean;
  text(option: string): string | undefined;
  all(option: string): readonly string[];
}

/** Reads the words and options of a command line, or says what is wrong with them. */
export function parseArguments(args: readonly string[], command: Command): Arguments {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { value, short }]) => [
      name,
      { type: value === undefined ? 'boolean' : 'string', ...(short && { short }) } as const,
    ]),
  );
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: string[] = [];
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const value = checkedValue(token, command);
    given.set(token.name, [...(given.get(token.name) ?? []), value]);
  }
  checkRepeats(given, command);
  checkWords(words, command);
  return {
    words,
    flag: (option) => given.has(option),
    text: (option) => given.get(option)?.[0],
    all: (option) => given.get(option) ?? [],
  };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function checkedValue({ name, rawName, value, inlineValue }: OptionToken, command: Command): string {
  const option: Option | undefined = Object.hasOwn(command.options, name) ? command.options[name] : undefined;
  if (option === undefined) {
    const known = Object.keys(command.options);
    const near = suggestion(name, known, (found) => `--${found}`);
    throw new UsageError(
      `\`torsh ${command.name}\` has no option ${rawName}.${near}`,
      `help ${command.name}`,
    );
  }
  if (option.value === undefined) {
    if (value !== undefined)
      throw new UsageError(`${rawName} is a switch and takes no value.`, `help ${command.name}`);
    return '';
  }
  // `--to --json`: an option in the place of the value is a forgotten value.
  if (value === undefined || value === '' || (inlineValue !== true && value.startsWith('--'))) {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${option.value}.`, `help ${command.name}`);
  }
  return value;
}

function checkRepeats(given: ReadonlyMap<string, readonly string[]>, command: Command): void {
  for (const [name, values] of given) {
    const { many, value } = command.options[name]!;
    if (values.length > 1 && value !== undefined && many !== true) {
      throw new UsageError(
        `--${name} is given ${values.length} times; once is enough.`,
        `help ${command.name}`,
      );
    }
  }
}

function checkWords(words: readonly string[], command: Command): void {
  const { least, most } = command.words;
  if (words.length < least) {
    throw new UsageError(`Something is missing: ${command.usage.join(' or ')}.`, `help ${command.name}`);
  }
  if (words.length > most) {
    const extra = words.slice(most).map((word) => JSON.stringify(word));
    throw new UsageError(
      `${extra.join(', ')} is too much: ${command.usage.join(' or ')}.`,
      `help ${command.name}`,
    );
  }
}
