import { type ByteSource, checkRead, fromBytes, type ReadOptions } from '../source.ts';
import { chunkCache } from './cache.ts';
import type { UrlOptions } from './options.ts';
import { type ServerFile, serverFile } from './server-file.ts';

/** A file on a server as a source. */
export interface UrlSource extends ByteSource {
  /** The address for people: without name, password and query. */
  readonly address: string;
}

/**
 * The first request asks for this much of the end, which tells the size as well. A package of a thousand tensors has its
 * directory and its manifest in there.
 */
const TAIL = 112 * 1024;
/** Structure comes in small pieces, and what follows one is wanted next; what is larger is weights. */
const SMALL = 4 * 1024;
const AHEAD = 8 * 1024;
/** Who reads on and on gets ever more ahead, up to this; who jumps begins again. */
const FAR_AHEAD = 4 * 2 ** 20;
/** After so many reads in a row, what follows is fetched ahead of large pieces too. */
const STREAK = 4;
/** What is copied is fetched in parts of this size. */
const BLOCK = 8 * 2 ** 20;
const CACHE = 16 * 2 ** 20;

/** A part that has been asked for and is not there yet. */
interface Coming {
  readonly start: number;
  readonly end: number;
  readonly bytes: Promise<Uint8Array>;
}

/** Opens a file on a server that answers range requests; nothing is fetched but what is read. */
export async function fromUrl(address: string | URL, options: UrlOptions = {}): Promise<UrlSource> {
  const file = serverFile(address, options);
  const tail = await file.tail(TAIL);
  const { size } = tail.version;
  const shown = file.address.shown;
  // Where all is there already, the server is not needed any more.
  if (tail.first === 0) return { address: shown, ...fromBytes(tail.bytes) };
  const cache = chunkCache(CACHE);
  cache.add(tail.first, tail.bytes);
  const coming = new Set<Coming>();

  /** Fetches for all who may want it. One who gives up must not end it for the others. */
  const shared = (start: number, end: number): Coming => {
    const fetch: Coming = { start, end, bytes: fetchAll(file, start, end) };
    coming.add(fetch);
    const forget = (): void => void coming.delete(fetch);
    fetch.bytes.then(forget, forget);
    return fetch;
  };
  const comingWith = (start: number, end: number): Coming | undefined => {
    for (const fetch of coming) if (fetch.start <= start && end <= fetch.end) return fetch;
    return undefined;
  };

  let streak = 0;
  let last = Number.POSITIVE_INFINITY;
  /** Where a fetch should end. */
  const reach = (from: number, to: number): number => {
    streak = from >= last && from - last <= SMALL ? streak + 1 : 0;
    const wanted = to - from <= SMALL || streak >= STREAK ? Math.min(AHEAD * 2 ** streak, FAR_AHEAD) : 0;
    last = Math.max(to, Math.min(size, from + wanted));
    return last;
  };

  const fetched = async (
    from: number,
    to: number,
    open: boolean,
    lent?: ReadOptions,
  ): Promise<Uint8Array> => {
    const known = comingWith(from, to);
    if (known !== undefined) return (await known.bytes).subarray(from - known.start, to - known.start);
    const until = open ? reach(from, to) : to;
    const bytes = until > to ? await shared(from, until).bytes : await fetchAll(file, from, to, lent);
    cache.add(from, bytes);
    return bytes.subarray(0, to - from);
  };

  const read = async (start: number, end: number, lent?: ReadOptions): Promise<Uint8Array> => {
    const parts: Uint8Array[] = [];
    let from = start;
    while (from < end) {
      const known = cache.from(from, end);
      if (known === undefined) break;
      parts.push(known);
      from += known.length;
    }
    if (from < end) {
      const right = cache.before(from, end) ?? new Uint8Array(0);
      const to = end - right.length;
      parts.push(await fetched(from, to, to === end, lent), right);
    }
    return joined(parts, end - start);
  };

  return {
    address: shown,
    size,
    block: BLOCK,
    async read(offset, length, lent) {
      checkRead(size, offset, length, lent);
      if (length === 0) return new Uint8Array(0);
      const bytes = await read(offset, offset + length, lent);
      lent?.signal?.throwIfAborted();
      return bytes;
    },
  };
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = parts;
  if (first?.length === length) return first;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A server may send less than was asked for, and the rest when asked again. */
async function fetchAll(
  file: ServerFile,
  start: number,
  end: number,
  lent?: ReadOptions,
): Promise<Uint8Array> {
  const first = await file.part(start, end - start, lent);
  if (first.length === end - start) return first.bytes;
  const whole = new Uint8Array(end - start);
  whole.set(first.bytes);
  for (let at = start + first.length; at < end; ) {
    const { bytes } = await file.part(at, end - at, lent);
    whole.set(bytes, at - start);
    at += bytes.length;
  }
  return whole;
}
