// Plain JavaScript, because worker threads run this file as it lies here and Node 20 does not read TypeScript.
// The one loop that reads, sums and writes: the main thread and every worker run it over the same shared tables.
// The tables are described in transfer-loop.d.ts.
import crypto from 'node:crypto';
import fs from 'node:fs';
import zlib from 'node:zlib';
import { fastCrc32 } from './fast-crc32.js';

export const CRC = 1;
export const SHA = 2;
export const WRITE = 4;
export const COUNT = 8;
export const GATHER = 16;

const NEXT = 0;
export const STOP = 1;
export const DONE = 2;
export const CONTROLS = 3;

export const PIECE = 5;
export const JOB = 5;
export const SHA_BYTES = 32;

/** Blocks of this size stay in a core's own cache between read, digests and write; larger ones cost double. */
export const BLOCK_BYTES = 256 * 1024;

/** After this many bytes the loop pauses, so that the main thread can see to aborts and progress. */
const PAUSE = 4 * 1024 * 1024;

/** Loading a faster CRC pays from this length on. */
const WORTH_FAST_CRC = 4 * 1024 * 1024;

/** Reading over a gap of this size is cheaper than a second read. */
const GAP = 4096;

// Scratch for one thread. Nothing in it outlives a block, and the loop never pauses within one.
/** @type {Buffer | undefined} */
let block;
/** @type {Buffer | undefined} */
let gathered;

/** @type {typeof import('./transfer-loop.js').work} */
export function* work(tables) {
  const pieces = new Float64Array(tables.pieces);
  const jobs = new Float64Array(tables.jobs);
  const control = new Int32Array(tables.control);
  const crcs = new Uint32Array(tables.crcs);
  const shas = Buffer.from(tables.shas);
  const target = tables.target;
  block ??= Buffer.allocUnsafeSlow(BLOCK_BYTES);
  const buffer = block;
  let sincePause = 0;
  let current = 0;
  let reached = 0;
  /** @type {import('./transfer-loop.js').Fault['side']} */
  let side = 'read';

  try {
    for (;;) {
      if (Atomics.load(control, STOP) !== 0) return undefined;
      const job = Atomics.add(control, NEXT, 1) * JOB;
      if (job >= jobs.length) return undefined;
      const does = /** @type {number} */ (jobs[job]);
      if (does & GATHER) {
        gather(at(jobs, job + 1), at(jobs, job + 2));
        sincePause += BLOCK_BYTES;
      } else {
        yield* stretch(does, at(jobs, job + 1), at(jobs, job + 2), at(jobs, job + 3), at(jobs, job + 4));
      }
      if (sincePause >= PAUSE) {
        sincePause = 0;
        yield;
      }
    }
  } catch (error) {
    Atomics.store(control, STOP, 1);
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    return { side, code, message, piece: current, offset: reached };
  }

  /**
   * A long part of one piece, block by block.
   * @param {number} does @param {number} piece @param {number} from @param {number} length @param {number} slot
   */
  function* stretch(does, piece, from, length, slot) {
    current = piece;
    const fd = at(pieces, piece * PIECE);
    const offset = at(pieces, piece * PIECE + 1) + from;
    const position = at(pieces, piece * PIECE + 3) + from;
    const hash = does & SHA ? crypto.createHash('sha256') : undefined;
    const crc32 = length >= WORTH_FAST_CRC ? fastCrc32 : zlib.crc32;
    let crc = 0;
    for (let done = 0; done < length; ) {
      if (Atomics.load(control, STOP) !== 0) return;
      const count = read(fd, buffer, Math.min(BLOCK_BYTES, length - done), offset + done);
      const bytes = count === BLOCK_BYTES ? buffer : buffer.subarray(0, count);
      hash?.update(bytes);
      if (does & CRC) crc = crc32(bytes, crc);
      if (does & WRITE) write(bytes, count, position + done);
      if (does & COUNT) Atomics.add(control, DONE, count);
      done += count;
      sincePause += count;
      if (sincePause >= PAUSE) {
        sincePause = 0;
        yield;
      }
    }
    if (does & CRC) crcs[slot] = crc;
    if (hash !== undefined) shas.set(hash.digest(), piece * SHA_BYTES);
  }

  /**
   * Many small pieces that lie one behind the other in the output: few reads, one write.
   * @param {number} first @param {number} count
   */
  function gather(first, count) {
    gathered ??= Buffer.allocUnsafeSlow(BLOCK_BYTES);
    const output = gathered;
    const start = at(pieces, first * PIECE + 3);
    let total = 0;
    /** Where the bytes in `buffer` come from: file, first and last byte. */
    let heldFd = -1;
    let heldFrom = 0;
    let heldTo = 0;
    const order = bySource(pieces, first, count);
    for (let index = 0; index < count; index++) {
      const piece = at(order, index);
      const row = piece * PIECE;
      const fd = at(pieces, row);
      const offset = at(pieces, row + 1);
      const length = at(pieces, row + 2);
      const does = at(pieces, row + 4);
      current = piece;
      if (length > 0 && (fd !== heldFd || offset < heldFrom || offset + length > heldTo)) {
        // As far ahead as the next pieces are near; a short answer is an error only if this piece is not in it.
        let to = offset + length;
        for (let next = index + 1; next < count; next++) {
          const other = at(order, next) * PIECE;
          const otherTo = at(pieces, other + 1) + at(pieces, other + 2);
          if (at(pieces, other) !== fd || at(pieces, other + 1) > to + GAP) break;
          if (otherTo - offset > BLOCK_BYTES) break;
          if (otherTo > to) to = otherTo;
        }
        heldFd = fd;
        heldFrom = offset;
        heldTo = offset;
        while (heldTo < offset + length) {
          side = 'read';
          reached = heldTo;
          const got = fs.readSync(fd, buffer, heldTo - offset, to - heldTo, heldTo);
          if (got === 0) throw short();
          heldTo += got;
        }
      }
      const into = at(pieces, row + 3) - start;
      if (length > 0) buffer.copy(output, into, offset - heldFrom, offset - heldFrom + length);
      const bytes = output.subarray(into, into + length);
      if (does & CRC) crcs[piece] = zlib.crc32(bytes);
      if (does & SHA) shas.write(sha256(bytes, 'binary'), piece * SHA_BYTES, SHA_BYTES, 'binary');
      total += length;
    }
    if (target >= 0) write(output, total, start);
    Atomics.add(control, DONE, total);
  }

  /** @param {number} fd @param {Buffer} into @param {number} length @param {number} offset */
  function read(fd, into, length, offset) {
    side = 'read';
    reached = offset;
    const count = fs.readSync(fd, into, 0, length, offset);
    if (count === 0) throw short();
    return count;
  }

  /** @param {Buffer} bytes @param {number} length @param {number} position */
  function write(bytes, length, position) {
    side = 'write';
    for (let done = 0; done < length; ) {
      done += fs.writeSync(target, bytes, done, length - done, position + done);
    }
  }

  function short() {
    side = 'short';
    return new Error('the file ends too early');
  }
}

/**
 * One call for a whole piece, and a string instead of a Buffer, is three times as fast as a hasher where pieces are
 * small; Node 20.12 has it.
 * @type {typeof import('./transfer-loop.js').sha256}
 */
export const sha256 =
  typeof crypto.hash === 'function'
    ? (bytes, encoding) => crypto.hash('sha256', bytes, encoding)
    : (bytes, encoding) => crypto.createHash('sha256').update(bytes).digest(encoding);

/**
 * The pieces in the order in which they lie in their files, so that neighbours are read together.
 * @param {Float64Array} pieces @param {number} first @param {number} count
 */
function bySource(pieces, first, count) {
  const order = new Uint32Array(count);
  let sorted = true;
  for (let index = 0; index < count; index++) {
    order[index] = first + index;
    if (index > 0 && sorted) sorted = compare(pieces, first + index - 1, first + index) <= 0;
  }
  return sorted ? order : order.sort((a, b) => compare(pieces, a, b));
}

/** @param {Float64Array} pieces @param {number} a @param {number} b */
function compare(pieces, a, b) {
  return (
    at(pieces, a * PIECE) - at(pieces, b * PIECE) || at(pieces, a * PIECE + 1) - at(pieces, b * PIECE + 1)
  );
}

/** @param {Float64Array | Uint32Array} numbers @param {number} index */
function at(numbers, index) {
  return /** @type {number} */ (numbers[index]);
}
