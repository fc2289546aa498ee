/** What is done with the bytes of a job or a small piece, as bits. */
export const CRC: number;
export const SHA: number;
export const WRITE: number;
/** The bytes count as progress; a second pass over the same bytes does not. */
export const COUNT: number;
/** The job is a row of small pieces instead of a stretch of one. */
export const GATHER: number;

/** Indexes into `control`: whether to stop, the bytes done (modulo 2^32). */
export const STOP: number;
export const DONE: number;
export const CONTROLS: number;

/** Numbers per row of the tables. */
export const PIECE: number;
export const JOB: number;
export const SHA_BYTES: number;
export const BLOCK_BYTES: number;

/** Everything that the threads share. Rows are numbers, so that 200,000 pieces cost no objects and no messages. */
export interface Tables {
  /** Rows of float64: file descriptor, offset in the file, length, position in the output, what to do. */
  readonly pieces: SharedArrayBuffer;
  /**
   * Rows of float64: what to do, then for a stretch: piece, first byte in the piece, length, slot of its CRC;
   * for `GATHER`: first piece, number of pieces.
   */
  readonly jobs: SharedArrayBuffer;
  readonly control: SharedArrayBuffer;
  /** uint32: a slot for each piece, and after them one for each further part of a divided piece. */
  readonly crcs: SharedArrayBuffer;
  /** 32 bytes for each piece. */
  readonly shas: SharedArrayBuffer;
  /** The descriptor that is written to, or -1. */
  readonly target: number;
}

/** Why a thread stopped. `short`: the file has fewer bytes than it had; `offset` is where it ends. */
export interface Fault {
  readonly side: 'read' | 'write' | 'short';
  readonly code: string | undefined;
  readonly message: string;
  readonly piece: number;
  readonly offset: number;
}

/** Takes jobs until none are left; pauses every few MiB. A fault stops the other threads too. */
export function work(tables: Tables): Generator<undefined, Fault | undefined>;

/** SHA-256 of bytes that are there as a whole. */
export function sha256(bytes: Uint8Array, encoding: 'hex' | 'binary'): string;
