import { expect, test } from 'vitest';
import { parseArguments } from '../src/arguments.ts';
import { commands } from '../src/commands.ts';
import { UsageError } from '../src/usage.ts';

const convert = commands.find(({ name }) => name === 'convert')!;
const parse = (...args: string[]) => parseArguments(args, convert);

test('words and options may be mixed', () => {
  const given = parse('-f', 'a.pt', '--select', 'x.*', 'to', '--json', 'torsh', '--select=y');
  expect(given.words).toEqual(['a.pt', 'to', 'torsh']);
  expect(given.all('select')).toEqual(['x.*', 'y']);
  expect([given.flag('force'), given.flag('json'), given.flag('quiet')]).toEqual([true, true, false]);
  expect([given.text('select'), given.text('to')]).toEqual(['x.*', undefined]);
});

test('after -- everything is a word', () => {
  expect(parse('--', '--to', '-x').words).toEqual(['--to', '-x']);
});

test('a value may begin with one dash, not with two', () => {
  expect(parse('a', '--select', '-x').text('select')).toBe('-x');
  expect(parse('a', '--select=--x').text('select')).toBe('--x');
  expect(() => parse('a', '--select', '--x')).toThrow(UsageError);
});

test('names of objects are no options', () => {
  for (const name of ['--constructor', '--__proto__', '--toString']) {
    expect(() => parse('a', name)).toThrow(UsageError);
  }
});

test('every option is explained and every command has an example', () => {
  for (const { options, examples, usage } of commands) {
    for (const { about } of Object.values(options)) expect(about).not.toBe('');
    expect(examples.length).toBeGreaterThan(0);
    expect(usage.length).toBeGreaterThan(0);
  }
});

test('short options are unique within a command', () => {
  for (const { options } of commands) {
    const shorts = Object.values(options).flatMap(({ short }) => short ?? []);
    expect(new Set(shorts).size).toBe(shorts.length);
  }
});
