import type { ReadOptions } from '../source.ts';
import { type Address, parseAddress } from './address.ts';
import {
  type Announced,
  checkSame,
  conditionOf,
  parsePartial,
  refuseEncoding,
  type Version,
  versionOf,
} from './answer.ts';
import { attempt, Passing, waitOf } from './attempt.ts';
import { readBody } from './body.ts';
import type { UrlOptions } from './options.ts';
import { type Answered, follow } from './redirect.ts';
import { changed, io, isPassing, statusError } from './refusal.ts';

/** A part of a file on a server. */
export interface Part extends Announced {
  readonly bytes: Uint8Array;
}

/** A file on a server, asked for in parts. */
export interface ServerFile {
  readonly address: Address;
  /** The last bytes of the file, at most `length`; tells how long the file is and remembers its state. */
  tail(length: number): Promise<Part>;
  /** Bytes from `first` on, at most `length` and at least one; an error if the file is another than before. */
  part(first: number, length: number, options?: ReadOptions): Promise<Part>;
}

/** A server that knows no ranges sends all; a file up to this size is taken so. */
const WHOLE = 8 * 2 ** 20;

/** What servers answer that do not count from the end, or only in files longer than that. */
const NO_SUFFIX: readonly number[] = [400, 416];

export function serverFile(text: string | URL, options: UrlOptions): ServerFile {
  const address = parseAddress(text);
  const { shown } = address;
  /** Who gave the last answer: asked first the next time, so that each part does not make the whole way. */
  let current = address.url;
  let version: Version | undefined;

  const ask = async (range: string, signal: AbortSignal): Promise<Answered> => {
    const headers = {
      range: `bytes=${range}`,
      'accept-encoding': 'identity',
      ...(version === undefined ? {} : conditionOf(version)),
    };
    const answered = await follow(current, headers, address, options, signal);
    const { status } = answered.response;
    // Signed addresses end after a while; the first address then leads to a new one.
    if ([401, 403, 404, 410].includes(status) && current !== address.url) {
      await answered.response.body?.cancel();
      current = address.url;
      return follow(current, headers, address, options, signal);
    }
    return answered;
  };

  const request = async (
    range: string,
    most: number,
    signal: AbortSignal,
    alive: () => void,
  ): Promise<Part | undefined> => {
    const { response, url } = await ask(range, signal);
    const { status, headers } = response;
    try {
      if (isPassing(status))
        throw new Passing(statusError(status, shown), waitOf(headers.get('retry-after')));
      if (status === 200) return await readWhole(response, alive);
      if (status === 416 && isEmpty(headers)) return nothingThere(headers);
      if (range.startsWith('-') && NO_SUFFIX.includes(status)) {
        await response.body?.cancel();
        return undefined;
      }
      if (status === 416 && version !== undefined) throw changed(shown);
      if (status !== 206) throw statusError(status, shown);
      const announced = parsePartial(response, shown);
      if (version !== undefined) checkSame(version, announced.version, shown);
      if (announced.length > most) throw io(`The server sends more of ${shown} than was asked for.`, shown);
      const { length } = announced;
      const bytes = await readBody(response, { least: length, most: length }, alive);
      if (bytes === undefined) throw io(`The server sends more bytes of ${shown} than it announced.`, shown);
      current = url;
      return { ...announced, bytes };
    } catch (error) {
      await response.body?.cancel().catch(() => undefined);
      throw error;
    }
  };

  /** A whole file in place of a part: it is another file, or the server knows no ranges. */
  const readWhole = async (response: Response, alive: () => void): Promise<Part | undefined> => {
    const { headers } = response;
    if (version !== undefined) throw changed(shown);
    refuseEncoding(headers, shown);
    const said = headers.get('content-length');
    const size = said !== null && /^\d{1,16}$/.test(said) ? Number(said) : undefined;
    if (size !== undefined && size > WHOLE) {
      await response.body?.cancel();
      return undefined;
    }
    const bytes = await readBody(response, { least: size ?? 0, most: size ?? WHOLE }, alive);
    if (bytes === undefined) return undefined;
    return { first: 0, length: bytes.length, bytes, version: versionOf(headers, bytes.length) };
  };

  /** No byte satisfies the range, which is right for an empty file. */
  const nothingThere = (headers: Headers): Part => {
    if (version !== undefined) throw changed(shown);
    return { first: 0, length: 0, bytes: new Uint8Array(0), version: versionOf(headers, 0) };
  };

  const get = (range: string, most: number, lent?: ReadOptions): Promise<Part | undefined> =>
    attempt((signal, alive) => request(range, most, signal, alive), shown, options, [
      options.signal,
      lent?.signal,
    ]);

  return {
    address,
    async tail(length) {
      let found = await get(`-${length}`, length);
      // Some servers know ranges, but not those that count from the end.
      if (found === undefined) {
        const head = await get(`0-${length - 1}`, length);
        if (head === undefined) {
          throw io(
            `The server of ${shown} gives whole files only, and no parts of them (ranges). Download the file first.`,
            shown,
          );
        }
        const { size } = head.version;
        version = head.version;
        found = size === head.length ? head : await get(`${Math.max(0, size - length)}-${size - 1}`, length);
      }
      if (found === undefined || found.first + found.length !== found.version.size) {
        throw io(`The server sends another part of ${shown} than its end.`, shown);
      }
      version = found.version;
      return found;
    },
    async part(first, length, lent) {
      const found = await get(`${first}-${first + length - 1}`, length, lent);
      if (found?.first !== first)
        throw io(`The server sends another part of ${shown} than was asked for.`, shown);
      return found;
    },
  };
}

function isEmpty(headers: Headers): boolean {
  return /^bytes \*\/0$/i.test(headers.get('content-range')?.trim() ?? '');
}
