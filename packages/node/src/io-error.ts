import { type ErrorCode, TorshError } from '@torsh/bytes';

/** What was being done when the system said no. */
export type Doing = 'read' | 'written';

interface Told {
  readonly code: ErrorCode;
  readonly sentence: string;
}

const io = (sentence: string): Told => ({ code: 'io', sentence });

/** What each answer of the system means, and what the person at the keyboard can do about it. */
const answers: Readonly<Record<string, (path: string, doing: Doing) => Told>> = {
  ENOENT: (path, doing) =>
    doing === 'read'
      ? { code: 'not-found', sentence: `There is no file ${path}.` }
      : { code: 'not-found', sentence: `The folder of ${path} does not exist; make it first.` },
  ENOTDIR: (path) => ({ code: 'not-found', sentence: `A part of the path ${path} is not a folder.` }),
  EACCES: (path, doing) =>
    io(`${path} may not be ${doing}: permission was denied. Change its permissions or ask its owner.`),
  EPERM: (path, doing) => io(`${path} may not be ${doing}: the system forbids it.`),
  EISDIR: (path) => io(`${path} is a folder, not a file. Name a file.`),
  EIO: (path, doing) =>
    io(
      `${path} could not be ${doing}: the disk reports an error. Check the disk or copy the file elsewhere.`,
    ),
  ELOOP: (path) => io(`${path} is a chain of links that never ends.`),
  ENAMETOOLONG: (path) => io(`The name ${path} is too long for this disk. Choose a shorter one.`),
  EMFILE: (path) => io(`${path} could not be opened: too many files are open. Raise the limit (ulimit -n).`),
  ENFILE: (path) => io(`${path} could not be opened: the system has too many files open.`),
  ENOSPC: (path) =>
    io(`The disk is full; ${path} was not written. Free some space or write to another disk.`),
  EDQUOT: (path) => io(`Your quota on this disk is used up; ${path} was not written. Free some space first.`),
  EROFS: (path) => io(`${path} lies on a disk that can only be read. Write to another place.`),
  EFBIG: (path) =>
    io(`${path} is larger than this disk or your limits allow for one file. Write to another disk.`),
  EBUSY: (path) => io(`${path} is in use by another program. Close it and try again.`),
};

/** The error of a system call as a sentence that says what to do; anything else is passed on untouched. */
export function ioError(cause: unknown, doing: Doing, path: string, offset?: number): unknown {
  if (cause instanceof TorshError) return cause;
  const code = systemCode(cause);
  if (code === undefined) return cause;
  return errorOf(code, doing, path, { offset, cause });
}

/** The same from the bare code, which is all that crosses from one thread to another. */
export function errorOf(
  code: string,
  doing: Doing,
  path: string,
  place: { readonly offset?: number | undefined; readonly cause?: unknown } = {},
): TorshError {
  const told = answers[code]?.(path, doing) ?? io(`${path} could not be ${doing}: the system says ${code}.`);
  return new TorshError(told.code, told.sentence, { path, ...place });
}

/** The code that the system gave (`ENOENT` …), if the error is one of the system's. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && syscall !== undefined ? code : undefined;
}
