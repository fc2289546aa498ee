import { combineCrc32 } from '@torsh/bytes';
import {
  BLOCK_BYTES,
  CONTROLS,
  COUNT,
  CRC,
  GATHER,
  JOB,
  PIECE,
  SHA,
  SHA_BYTES,
  type Tables,
  WRITE,
} from './transfer-loop.js';

/** Bytes that lie in an open file and only have to be moved. */
export interface Piece {
  readonly fd: number;
  readonly offset: number;
  readonly length: number;
  /** Where they go in the output. */
  readonly position: number;
  readonly crc32: boolean;
  readonly sha256: boolean;
}

/** The work on a list of pieces: what the threads are lent, and how their results are read. */
export interface Jobs {
  readonly tables: Tables;
  crc32(piece: number): number;
  sha256(piece: number): string;
}

/** Pieces up to this length are gathered; above it a read and a write of their own cost little. */
const SMALL = 64 * 1024;

/** How many small pieces make one job: few enough that a pause comes soon. */
const ROW = 4096;

/** The parts of a divided piece. */
const PART = 16 * 1024 * 1024;

/** Divides pieces into jobs for so many threads. `target` is the descriptor that is written to, if any. */
export function planJobs(pieces: readonly Piece[], threads: number, target: number | undefined): Jobs {
  const total = pieces.reduce((sum, { length }) => sum + length, 0);
  const writes = target === undefined ? 0 : WRITE;
  const jobs: Job[] = [];
  const parts = new Map<number, Part[]>();
  let slots = pieces.length;
  let row: Job | undefined;
  let rowEnd = 0;

  pieces.forEach((piece, index) => {
    const { length, position } = piece;
    const does = doesOf(piece) | writes;
    if (length <= SMALL) {
      if (
        row?.weight !== undefined &&
        position === rowEnd &&
        row.weight + length <= BLOCK_BYTES &&
        row.b < ROW
      ) {
        row.weight += length;
        row.b++;
      } else {
        row = { does: GATHER, a: index, b: 1, c: 0, d: 0, weight: length };
        jobs.push(row);
      }
      rowEnd = position + length;
      return;
    }
    row = undefined;
    // SHA-256 cannot be divided. A piece that would keep one thread busy longer than all others is summed by that
    // thread alone, and copied by whoever has time.
    const alone = piece.sha256 && length * threads > total && length > PART / 2;
    if (threads === 1 || (piece.sha256 && !alone)) {
      jobs.push({ does: does | COUNT, a: index, b: 0, c: length, d: index, weight: length });
      return;
    }
    const rest = does & ~SHA;
    if (alone) {
      jobs.push({ does: rest === 0 ? SHA | COUNT : SHA, a: index, b: 0, c: length, d: 0, weight: length });
      if (rest === 0) return;
    }
    const made: Part[] = [];
    for (let from = 0; from < length; from += PART) {
      const slot = from === 0 ? index : slots++;
      const size = Math.min(PART, length - from);
      jobs.push({ does: rest | COUNT, a: index, b: from, c: size, d: slot, weight: size });
      made.push({ slot, length: size });
    }
    parts.set(index, made);
  });

  const tables: Tables = {
    pieces: pieceTable(pieces),
    jobs: jobTable(inOrder(jobs, total / (4 * threads))),
    control: new SharedArrayBuffer(CONTROLS * 4),
    crcs: new SharedArrayBuffer(slots * 4),
    shas: new SharedArrayBuffer(pieces.some(({ sha256 }) => sha256) ? pieces.length * SHA_BYTES : 0),
    target: target ?? -1,
  };
  const crcs = new Uint32Array(tables.crcs);
  const shas = Buffer.from(tables.shas);
  return {
    tables,
    crc32(piece) {
      const divided = parts.get(piece);
      if (divided === undefined) return crcs[piece]!;
      return divided.reduce((crc, { slot, length }) => combineCrc32(crc, crcs[slot]!, length), 0);
    },
    sha256: (piece) => shas.toString('hex', piece * SHA_BYTES, (piece + 1) * SHA_BYTES),
  };
}

/** A row of the table of jobs; the letters are its columns, which mean different things for different jobs. */
interface Job {
  readonly does: number;
  readonly a: number;
  b: number;
  readonly c: number;
  readonly d: number;
  weight: number;
}

interface Part {
  readonly slot: number;
  readonly length: number;
}

/** The long ones first, so that no thread begins one when the others are done; the rest as the disk has them. */
function inOrder(jobs: readonly Job[], long: number): Job[] {
  const first = jobs.filter(({ weight }) => weight >= long).sort((a, b) => b.weight - a.weight);
  return [...first, ...jobs.filter(({ weight }) => weight < long)];
}

function doesOf(piece: Piece): number {
  return (piece.crc32 ? CRC : 0) | (piece.sha256 ? SHA : 0);
}

function pieceTable(pieces: readonly Piece[]): SharedArrayBuffer {
  const table = new Float64Array(new SharedArrayBuffer(pieces.length * PIECE * 8));
  let at = 0;
  for (const piece of pieces) {
    table[at++] = piece.fd;
    table[at++] = piece.offset;
    table[at++] = piece.length;
    table[at++] = piece.position;
    table[at++] = doesOf(piece);
  }
  return table.buffer;
}

function jobTable(jobs: readonly Job[]): SharedArrayBuffer {
  const table = new Float64Array(new SharedArrayBuffer(jobs.length * JOB * 8));
  let at = 0;
  for (const { does, a, b, c, d } of jobs) {
    table[at++] = does;
    table[at++] = a;
    table[at++] = b;
    table[at++] = c;
    table[at++] = d;
  }
  return table.buffer;
}
