import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import nodePath from 'node:path';
import { TorshError } from '@torsh/bytes';
import { ioError, systemCode } from './io-error.ts';

/** How an output comes to be. */
export interface OutputOptions {
  /** Whether it may take the place of what is there already. */
  readonly force?: boolean | undefined;
  /**
   * Whether closing waits until the bytes are on the disk; it does unless told otherwise. Without it a crash of the
   * machine, not of the program, can lose what was just written.
   */
  readonly fsync?: boolean | undefined;
  /** The permissions of a new file; what the system gives to new files unless told otherwise. */
  readonly mode?: number | undefined;
}

/** A name beside the target that nobody else uses, so that a rename brings it there in one step. */
export function temporaryName(target: string): string {
  // Names have at most 255 bytes; a character can have four.
  const name = [...nodePath.basename(target)].slice(0, 50).join('');
  return nodePath.join(nodePath.dirname(target), `.${name}.${randomBytes(6).toString('hex')}.part`);
}

/** The error of an output that would replace something without being told to. */
export function existsError(path: string, cause?: unknown): TorshError {
  return new TorshError('io', `${path} exists already; use --force to replace it.`, { path, cause });
}

/** Throws unless a file can be put there; asked before hours of work, and again by `publish` when it counts. */
export function checkTarget(path: string, { force = false }: OutputOptions): void {
  let stats: fs.Stats | undefined;
  try {
    stats = fs.lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw ioError(error, 'written', path);
  }
  if (stats === undefined) return;
  if (stats.isDirectory()) {
    throw new TorshError('io', `${path} is a folder; a file cannot take its place. Choose another name.`, {
      path,
    });
  }
  if (!stats.isFile() && !stats.isSymbolicLink()) {
    throw new TorshError('io', `${path} is not an ordinary file (a pipe or a device). Choose another name.`, {
      path,
    });
  }
  if (!force) throw existsError(path);
}

/** What systems and disks without hard links answer. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK', 'EACCES'];

/** Gives a finished temporary file its name, in one step. Without `force` it never replaces a file. */
export function publish(
  temporary: string,
  path: string,
  { force = false, fsync = true }: OutputOptions,
): void {
  try {
    if (force) fs.renameSync(temporary, path);
    else publishNew(temporary, path);
  } catch (error) {
    throw systemCode(error) === 'EEXIST' ? existsError(path, error) : ioError(error, 'written', path);
  }
  if (fsync) syncFolder(nodePath.dirname(path));
}

/** A rename replaces what is there; a link does not, so it decides between two programs that want one name. */
function publishNew(temporary: string, path: string): void {
  try {
    fs.linkSync(temporary, path);
  } catch (error) {
    if (!NO_LINKS.includes(systemCode(error) ?? '')) throw error;
    // No hard links here: take the name with an empty file of our own, then rename over that.
    fs.closeSync(fs.openSync(path, 'wx'));
    fs.renameSync(temporary, path);
    return;
  }
  fs.unlinkSync(temporary);
}

/** Makes the names in a folder last over a power cut, where the system can do that. */
export function syncFolder(path: string): void {
  let fd: number | undefined;
  try {
    fd = fs.openSync(path, 'r');
    fs.fsyncSync(fd);
  } catch {
    // Windows and some network disks do not sync folders; the file itself is safe by now.
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}
