import fs from 'node:fs';
import { type ByteSource, checkRead, type ReadOptions, TorshError } from '@torsh/bytes';
import { ioError } from './io-error.ts';

/** A file on disk that is open for reading: a source, and the place that owns its handle. */
export interface OpenFile extends ByteSource {
  readonly path: string;
  /** Rejects if the file has been changed since it was opened. */
  unchanged(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a file for reading. Whoever opens it closes it. */
export async function openFile(path: string): Promise<OpenFile> {
  return new DiskFile(path);
}

/** Node reads at most 2^31 - 1 bytes in one call. */
const MOST = 2 ** 30;

// A pipe must not make `open` wait for its other end if it takes the place of a file that was just looked at.
const FLAGS = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0);

/**
 * The handle is a plain number, because a number means the same file in every thread of the process. It may be closed
 * and opened again behind the scenes (see `Handles`), except while someone has it pinned.
 */
export class DiskFile implements OpenFile {
  readonly path: string;
  readonly size: number;
  readonly #handles: Handles | undefined;
  readonly #first: fs.BigIntStats;
  #fd: number | undefined;
  #pins = 0;
  #closed = false;

  constructor(path: string, handles?: Handles) {
    this.path = path;
    this.#handles = handles;
    handles?.makeRoom();
    const { fd, stats } = open(path);
    this.#fd = fd;
    this.#first = stats;
    this.size = Number(stats.size);
    handles?.used(this);
  }

  async read(offset: number, length: number, options?: ReadOptions): Promise<Uint8Array> {
    checkRead(this.size, offset, length, options);
    const bytes = Buffer.allocUnsafeSlow(length);
    const fd = this.#descriptor();
    try {
      // A read of a local file is shorter than the way to the thread pool and back, so it is made in place.
      for (let done = 0; done < length; ) {
        const count = fs.readSync(fd, bytes, done, Math.min(length - done, MOST), offset + done);
        if (count === 0) throw shrunk(this, offset + done);
        done += count;
      }
    } catch (error) {
      throw ioError(error, 'read', this.path, offset);
    }
    return bytes;
  }

  /** The descriptor, which stays valid until `unpin`; `undefined` when too many are pinned already. */
  pin(): number | undefined {
    if (this.#fd === undefined && this.#handles?.makeRoom() === false) return undefined;
    const fd = this.#descriptor();
    this.#pins++;
    return fd;
  }

  unpin(): void {
    this.#pins--;
    if (this.#closed) this.release();
  }

  async unchanged(): Promise<void> {
    this.check();
  }

  /** What `unchanged` does, at once. */
  check(): void {
    let stats: fs.BigIntStats;
    try {
      stats = fs.fstatSync(this.#descriptor(), { bigint: true });
    } catch (error) {
      throw ioError(error, 'read', this.path);
    }
    if (stats.size < this.#first.size) throw shrunk(this, Number(stats.size));
    if (stats.size !== this.#first.size || stats.mtimeNs !== this.#first.mtimeNs) throw changed(this.path);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.release();
  }

  /** Gives the handle back to the system unless it is pinned; true if it is gone. */
  release(): boolean {
    if (this.#pins > 0) return false;
    if (this.#fd !== undefined) fs.closeSync(this.#fd);
    this.#fd = undefined;
    this.#handles?.gone(this);
    return true;
  }

  #descriptor(): number {
    if (this.#closed && this.#pins === 0) throw new TypeError(`${this.path} was closed and is still read`);
    if (this.#fd === undefined) {
      this.#handles?.makeRoom();
      const { fd, stats } = open(this.path);
      const { dev, ino, size, mtimeNs } = this.#first;
      if (stats.dev !== dev || stats.ino !== ino || stats.size !== size || stats.mtimeNs !== mtimeNs) {
        fs.closeSync(fd);
        throw changed(this.path);
      }
      this.#fd = fd;
    }
    this.#handles?.used(this);
    return this.#fd;
  }
}

/** Keeps the number of open files of a place below a bound by closing the ones that were used longest ago. */
export class Handles {
  readonly #bound: number;
  /** In the order of their last use. */
  readonly #open = new Set<DiskFile>();

  constructor(bound: number) {
    this.#bound = bound;
  }

  used(file: DiskFile): void {
    this.#open.delete(file);
    this.#open.add(file);
  }

  gone(file: DiskFile): void {
    this.#open.delete(file);
  }

  /** False where all that are open are pinned, so that one more would pass the bound. */
  makeRoom(): boolean {
    for (const file of this.#open) {
      if (this.#open.size < this.#bound) break;
      file.release();
    }
    return this.#open.size < this.#bound;
  }
}

/** The error of a file that has fewer bytes than it had. */
export function shrunk(file: Pick<OpenFile, 'path' | 'size'>, offset: number): TorshError {
  return new TorshError(
    'truncated',
    `${file.path} ends at byte ${offset}; it had ${file.size} bytes when it was opened. Is another program writing it?`,
    { path: file.path, offset },
  );
}

function changed(path: string): TorshError {
  return new TorshError(
    'io',
    `${path} was changed while it was being read. Wait until nothing writes to it, then try again.`,
    { path },
  );
}

function open(path: string): { readonly fd: number; readonly stats: fs.BigIntStats } {
  let fd: number | undefined;
  try {
    // Opening a device can do things (a tape rewinds), so it is looked at first.
    refuseUnlessFile(path, fs.statSync(path, { bigint: true }));
    fd = fs.openSync(path, FLAGS);
    const stats = fs.fstatSync(fd, { bigint: true });
    refuseUnlessFile(path, stats);
    return { fd, stats };
  } catch (error) {
    if (fd !== undefined) fs.closeSync(fd);
    throw ioError(error, 'read', path);
  }
}

function refuseUnlessFile(path: string, stats: fs.BigIntStats): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) {
    throw new TorshError('io', `${path} is a folder, not a file. Name a file.`, { path });
  }
  throw new TorshError(
    'io',
    `${path} is not an ordinary file (a pipe, a device or a socket). Save it to a file first.`,
    { path },
  );
}
