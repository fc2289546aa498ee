import { changed, io } from './refusal.ts';

/** What tells one state of a file on a server from another. */
export interface Version {
  readonly size: number;
  readonly etag: string | undefined;
  readonly modified: string | undefined;
}

/** A part of a file, as the headers of an answer announce it. */
export interface Announced {
  readonly first: number;
  readonly length: number;
  readonly version: Version;
}

/** Reads the headers of a partial answer. */
export function parsePartial({ headers }: Response, shown: string): Announced {
  refuseEncoding(headers, shown);
  const range = headers.get('content-range') ?? '';
  const [, first, last, size] = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16}|\*)$/i.exec(range.trim()) ?? [];
  if (first === undefined || size === '*') {
    throw io(`The server does not say which bytes of ${shown} it sends, or how many there are.`, shown);
  }
  const [from, to, total] = [Number(first), Number(last), Number(size)];
  if (to < from || to >= total || !Number.isSafeInteger(total)) {
    throw io(`The server of ${shown} names a range that cannot be: ${range}.`, shown);
  }
  return { first: from, length: to - from + 1, version: versionOf(headers, total) };
}

/** The state of a file by the headers of an answer. */
export function versionOf(headers: Headers, size: number): Version {
  return {
    size,
    etag: headers.get('etag') ?? undefined,
    modified: headers.get('last-modified') ?? undefined,
  };
}

/** Bytes in another encoding than the file's own have other places. */
export function refuseEncoding(headers: Headers, shown: string): void {
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    throw io(
      `The server sends ${shown} compressed (${encoding}), so that no part of it can be found. Download it first.`,
      shown,
    );
  }
}

/** Throws if two answers are of different states of a file. */
export function checkSame(was: Version, is: Version, shown: string): void {
  const differs = (a: string | undefined, b: string | undefined) =>
    a !== undefined && b !== undefined && a !== b;
  if (was.size !== is.size || differs(was.etag, is.etag) || differs(was.modified, is.modified)) {
    throw changed(shown);
  }
}

/** The header that makes a server say when the file is another; only a strong mark will do. */
export function conditionOf({ etag, modified }: Version): { readonly [name: string]: string } {
  const mark =
    etag !== undefined && !etag.startsWith('W/') ? etag : etag === undefined ? modified : undefined;
  return mark === undefined ? {} : { 'if-range': mark };
}
