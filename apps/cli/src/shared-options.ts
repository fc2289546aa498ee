import type { Option } from './command.ts';

/** Options that several commands have, with one meaning everywhere. */

export const json: Option = { about: 'print one JSON document on standard output' };
export const quiet: Option = { short: 'q', about: 'print nothing but errors' };
export const help: Option = { short: 'h', about: 'print this help' };
export const from: Option = {
  value: '<format>',
  complete: 'format',
  about: 'read the input as this format instead of finding out',
};
export const limit: Option = {
  value: '<name>=<number>',
  many: true,
  complete: 'limit',
  about: 'change a limit that protects against hostile files (repeatable; `torsh help convert` lists them)',
};

export const header: Option = {
  value: '<name: value>',
  many: true,
  complete: 'file',
  about:
    'for inputs on a server: send this header to its host, and to no other; @<file> reads such lines from a file (repeatable)',
};
