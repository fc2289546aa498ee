import { type ErrorCode, type Limits, TorshError } from '@torsh/bytes';
import { opcodes } from './opcodes.ts';

/** An error at one opcode of a pickle; `offset` is the byte of that opcode. */
export function failure(code: ErrorCode, message: string, offset: number): TorshError {
  return new TorshError(code, `${message} (byte ${offset} of the pickle's file)`, { offset });
}

/** The opcode needs more values than there are above the last mark. */
export function underflow(offset: number): TorshError {
  return failure('malformed', 'The pickle takes more values off its stack than it has put there', offset);
}

/** The opcode takes all above a mark, and there is none. */
export function unmarked(offset: number): TorshError {
  return failure('malformed', 'The pickle collects up to a mark that it has not set', offset);
}

/** The entries for a dict come in an odd number of values. */
export function keyWithoutValue(offset: number): TorshError {
  return failure('malformed', 'The pickle has a key without a value', offset);
}

/** The bytes of a text are not what Python takes. */
export function notUtf8(offset: number): TorshError {
  return failure('malformed', 'A text in the pickle is not UTF-8', offset);
}

/** More of something than a limit allows: `what` is `has more opcodes`, and the like. */
export function overLimit(what: string, limit: keyof Limits, offset: number): TorshError {
  return failure('limit', `The pickle ${what} than ${limit} allows`, offset);
}

/** The bytes end inside an opcode, or the pickle is longer than allowed. */
export function exhausted(count: number, left: number, offset: number, more: boolean): TorshError {
  return more
    ? failure('limit', 'The pickle is longer than pickleBytes allows', offset)
    : failure('truncated', `The pickle ends where ${count} more bytes are needed; ${left} are left`, offset);
}

/** The text line of an opcode has no end. */
export function endless(offset: number, more: boolean): TorshError {
  return more
    ? failure('limit', 'The pickle is longer than pickleBytes allows', offset)
    : failure('truncated', 'The pickle ends inside a line of text', offset);
}

/** A byte that is no opcode. */
export function unknownOpcode(code: number, offset: number): TorshError {
  const hex = code.toString(16).padStart(2, '0');
  return failure('malformed', `The byte 0x${hex} is not a pickle opcode`, offset);
}

/** What an opcode is called, for messages and records. */
export function opcodeName(code: number): string {
  return opcodes.get(code)?.name ?? `0x${code.toString(16)}`;
}
