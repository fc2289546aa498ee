import { isTorshError, type Limits, type TorshError } from '@torsh/bytes';
import { failure } from './failure.ts';
import { type FrameReading, type Outcome, type RunOptions, run } from './machine.ts';
import { HIGHEST_PROTOCOL } from './opcodes.ts';
import { type GlobalUse, type PickleNote, Trace } from './trace.ts';
import type { PickleValue } from './value.ts';

/** What a walk over all pickles in some bytes has found. */
export interface PickleScan {
  /** The pickles that could be read to their end. */
  readonly pickles: readonly { readonly start: number; readonly end: number }[];
  /** Every class and function that is named, in the order of the file, whatever became of the pickle around it. */
  readonly globals: readonly GlobalUse[];
  /** `partial` where some bytes could not be read as pickles, or where readers disagree about what they mean. */
  readonly status: 'complete' | 'partial';
  /** What was wrong with the first pickle that could not be read. */
  readonly error?: TorshError;
  readonly notes: readonly PickleNote[];
}

/** What a scan may be told. */
export interface ScanOptions {
  /** Stop behind so many pickles: what follows them is something else. */
  readonly most?: number | undefined;
  /** Is shown every persistent id, as `resolve` of `InterpretOptions` is. */
  readonly resolve?: ((id: PickleValue, offset: number) => PickleValue | undefined) | undefined;
  /** The end of a pickle that was read already: only what lies behind it is looked at. */
  readonly behind?: number;
}

/** How often a scan looks for another pickle in bytes that are none, and how many times it may read the same bytes. */
const ATTEMPTS = 256;
const REREADS = 8;

const PROTO = 0x80;

/**
 * Finds what a file of pickles names, even where the file is broken: content that is no pickle is a result here, not
 * an error. A legal pickle may be followed by others, and by bytes that hide others.
 */
export function scan(
  bytes: Uint8Array,
  limits: Limits,
  { most = Number.POSITIVE_INFINITY, behind = 0, resolve }: ScanOptions = {},
): PickleScan {
  const notes = new Trace();
  const pickles: { start: number; end: number }[] = [];
  const globals: GlobalUse[] = [];
  let error: TorshError | undefined;
  let partial = false;
  let attempts = 0;
  let budget = bytes.length * REREADS;

  const read = (start: number): Outcome | TorshError => {
    const trace = new Trace();
    const result = attempt(bytes, start, limits, trace, { resolve });
    const failed = !('end' in result);
    budget -= Math.max((failed ? (result.offset ?? start) : result.end) - start, 1);
    const found = trace.globals;
    // Where frames are crossed, and where reading without them fails, there may be other ways to read.
    if (failed || trace.has('frame-crossed')) {
      partial = true;
      const known = new Set(found.map(identity));
      const ways: FrameReading[] = trace.has('frame-past-end') ? ['buffered', 'open'] : ['buffered'];
      for (const reading of ways) {
        const framed = new Trace();
        attempt(bytes, start, limits, framed, { reading, resolve });
        for (const use of framed.globals) {
          if (known.has(identity(use))) continue;
          known.add(identity(use));
          if (reading === 'buffered') trace.note('hidden-by-frame', use.offset);
          found.push(use);
        }
      }
    }
    // Behind the first pickle, bytes that only look like one must not invent names.
    if (start === 0 || !failed || found.every(isPlausible)) {
      notes.merge(trace);
      for (const use of found) globals.push(use);
    }
    return result;
  };

  let at = behind;
  while ((at < bytes.length || (pickles.length === 0 && behind === 0)) && pickles.length < most) {
    if (pickles.length >= limits.entries) {
      partial = true;
      error ??= failure(
        'limit',
        `There are more than ${limits.entries} pickles, the number that entries allows`,
        at,
      );
      break;
    }
    const result = read(at);
    if ('end' in result) {
      if (pickles.length > 0 || behind > 0) notes.note('several-pickles', at);
      pickles.push({ start: at, end: result.end });
      at = result.end;
      continue;
    }
    partial = true;
    error ??= result;
    if (pickles.length === 0 && behind === 0) break;
    notes.note('bytes-after-stop', at);
    const next = nextPickle(bytes, at + 1);
    if (next < 0 || ++attempts > ATTEMPTS || budget <= 0) break;
    at = next;
  }
  return {
    pickles,
    globals: dedupe(globals),
    status: partial ? 'partial' : 'complete',
    ...(error === undefined ? {} : { error }),
    notes: notes.notes,
  };
}

/** The next place that looks like the head of a pickle: PROTO and a protocol that exists. */
function nextPickle(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(PROTO, from); at >= 0; at = bytes.indexOf(PROTO, at + 1)) {
    const protocol = bytes[at + 1];
    if (protocol !== undefined && protocol > 0 && protocol <= HIGHEST_PROTOCOL) return at;
  }
  return -1;
}

function attempt(
  bytes: Uint8Array,
  start: number,
  limits: Limits,
  trace: Trace,
  options: RunOptions,
): Outcome | TorshError {
  try {
    return run(bytes, start, limits, trace, options);
  } catch (caught) {
    if (isTorshError(caught)) return caught;
    throw caught;
  }
}

function identity(use: GlobalUse): string {
  return JSON.stringify([use.offset, use.opcode, use.module, use.name]);
}

/** In the order of the file; one that several readings found is one. */
function dedupe(uses: readonly GlobalUse[]): GlobalUse[] {
  const unique = new Map(uses.map((use) => [identity(use), use]));
  return [...unique.values()].sort((a, b) => a.offset - b.offset);
}

/** Dotted identifiers, as far as they are known. */
function isPlausible(use: GlobalUse): boolean {
  return [use.module, use.name].every((part) => part === undefined || /^[\p{L}\p{N}_.]+\s?$/u.test(part));
}
