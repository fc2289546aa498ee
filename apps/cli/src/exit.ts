import { type ErrorCode, isTorshError } from '@torsh/bytes';

/** What the exit code of the process says; docs/cli.md has the same table. */
export const EXIT = {
  done: 0,
  /** Refused because of loss, or a check that found something. */
  findings: 1,
  usage: 2,
  badFile: 3,
  unsafe: 4,
  limit: 5,
  world: 6,
  /** A mistake in torsh itself. */
  internal: 70,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

const codes: Readonly<Record<ErrorCode, number>> = {
  malformed: EXIT.badFile,
  truncated: EXIT.badFile,
  unsupported: EXIT.badFile,
  ambiguous: EXIT.badFile,
  'not-found': EXIT.badFile,
  unsafe: EXIT.unsafe,
  limit: EXIT.limit,
  io: EXIT.world,
};

/** The exit code for an error that ended a run. */
export function exitCode(error: unknown): number {
  return isTorshError(error) ? codes[error.code] : EXIT.internal;
}
