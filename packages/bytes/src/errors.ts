/** Whose move is next: the file's author, nobody, the caller, the user, or the world. */
export type ErrorCode =
  | 'malformed'
  | 'truncated'
  | 'unsafe'
  | 'limit'
  | 'unsupported'
  | 'ambiguous'
  | 'not-found'
  | 'io';

/** Where an error happened, as far as it is known. */
export interface ErrorPlace {
  /** The id of the format that was being read or written. */
  readonly format?: string | undefined;
  /** The file, or the entry inside the file. */
  readonly path?: string | undefined;
  /** Bytes from the start of the file named by `path`, never from the start of a slice. */
  readonly offset?: number | undefined;
  readonly cause?: unknown;
}

/** The one error of torsh. Tests and callers look at `code`, `path` and `offset`; people read the message. */
export class TorshError extends Error {
  override readonly name = 'TorshError';
  readonly code: ErrorCode;
  readonly format: string | undefined;
  readonly path: string | undefined;
  readonly offset: number | undefined;

  constructor(code: ErrorCode, message: string, place: ErrorPlace = {}) {
    super(message, place.cause === undefined ? undefined : { cause: place.cause });
    this.code = code;
    this.format = place.format;
    this.path = place.path;
    this.offset = place.offset;
  }
}

/** True for errors of torsh, and for one of the given codes if any are given. */
export function isTorshError(error: unknown, ...codes: ErrorCode[]): error is TorshError {
  return error instanceof TorshError && (codes.length === 0 || codes.includes(error.code));
}

/** The same error with what an outer floor knows of the place; what an inner floor knew better stays. */
export function locateError(error: unknown, place: ErrorPlace): unknown {
  if (!(error instanceof TorshError)) return error;
  const { format = place.format, path = place.path, offset = place.offset } = error;
  if (format === error.format && path === error.path && offset === error.offset) return error;
  return new TorshError(error.code, error.message, { format, path, offset, cause: error.cause ?? error });
}
