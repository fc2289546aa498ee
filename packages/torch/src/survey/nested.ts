import { decodeUtf8, isTorshError, type Limits } from '@torsh/bytes';
import { disassemble, type PickleScan } from '@torsh/pickle';

/** Bytes inside of a pickle that may be unpickled by what it calls. */
export interface Nested {
  /** The opcode that holds them. */
  readonly at: number;
  /** `:base64` or `:hex`, or nothing where they are there as they are. */
  readonly spelling: string;
  readonly bytes: Uint8Array;
}

const PROTO = 0x80;
const STOP = 0x2e;

/** Texts and bytes of a pickle that begin or end like another, also as base64 and as hexadecimal digits. */
export function* nestedIn(
  bytes: Uint8Array,
  start: number,
  limits: Limits,
): Generator<Nested, void, undefined> {
  try {
    for (const { offset, argument } of disassemble(bytes, limits, { offset: start })) {
      const text = argument instanceof Uint8Array ? asciiOf(argument) : argument;
      if (argument instanceof Uint8Array) yield* likely(argument, offset, '');
      else if (typeof text === 'string') yield* likely(latin1Of(text), offset, '');
      if (typeof text !== 'string') continue;
      yield* likely(base64Of(text), offset, ':base64');
      yield* likely(hexOf(text), offset, ':hex');
    }
  } catch (error) {
    // A broken pickle has been told already; what lies before the break was seen.
    if (!isTorshError(error)) throw error;
  }
}

function* likely(
  bytes: Uint8Array | undefined,
  at: number,
  spelling: string,
): Generator<Nested, void, undefined> {
  if (bytes === undefined || bytes.length < 3) return;
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (isZip || beginsLikePickle(bytes) || bytes[bytes.length - 1] === STOP) yield { at, spelling, bytes };
}

/** True for bytes that state a protocol; also one that is yet to come, so that it is told and not passed over. */
export function beginsLikePickle(bytes: Uint8Array): boolean {
  return bytes[0] === PROTO && bytes[1] !== undefined && bytes[1] < 0x10;
}

const IDENTIFIERS = /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*\s?$/u;

/** Opcodes that do something with what was imported. */
const CALLS: ReadonlySet<string> = new Set(['REDUCE', 'OBJ', 'INST', 'NEWOBJ', 'NEWOBJ_EX', 'BUILD']);

/**
 * True where a scan of bytes that could be anything has found a pickle, or what is left of one. Two lines of a text look
 * like an import; with `strict`, a broken pickle counts only if it also calls something.
 */
export function isPickle(
  { pickles, globals, error }: PickleScan,
  bytes: Uint8Array,
  strict: boolean,
  limits: Limits,
): boolean {
  const [first] = pickles;
  const named = globals.some(
    ({ module, name }) =>
      module !== undefined && name !== undefined && IDENTIFIERS.test(module) && IDENTIFIERS.test(name),
  );
  if (first === undefined)
    return named && (!strict || callsBefore(bytes, error?.offset ?? bytes.length, limits));
  if (named || globals.length > 0 || beginsLikePickle(bytes)) return true;
  return first.end === bytes.length && bytes.length > 2;
}

function callsBefore(bytes: Uint8Array, end: number, limits: Limits): boolean {
  try {
    for (const { name, offset } of disassemble(bytes, limits)) {
      if (offset >= end) return false;
      if (CALLS.has(name)) return true;
    }
  } catch (error) {
    if (!isTorshError(error)) throw error;
  }
  return false;
}

/** Bytes that are nothing but ASCII, as text: they may spell other bytes. */
function asciiOf(bytes: Uint8Array): string | undefined {
  return bytes.every((byte) => byte < 0x80) ? decodeUtf8(bytes) : undefined;
}

function latin1Of(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0xff) return undefined;
    bytes[index] = code;
  }
  return bytes;
}

function base64Of(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/_-]+={0,2}\s*$/.test(text)) return undefined;
  try {
    const standard = text.trim().replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/');
    return latin1Of(atob(standard));
  } catch {
    return undefined;
  }
}

function hexOf(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(2 * index, 2 * index + 2), 16),
  );
}
