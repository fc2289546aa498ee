import { fileURLToPath } from 'node:url';
import { type ByteSource, fromUrl, type UrlOptions } from '@torsh/bytes';
import { openFile } from '@torsh/node';

/** Where a package lies: a path, an `http(s):` or `file:` address, or bytes that somebody has opened. */
export type Place = string | URL | ByteSource;

/** A place that is open. */
export interface OpenPlace {
  readonly source: ByteSource;
  /** Where it lies on this disk, if it does. */
  readonly path: string | undefined;
  /** Closes what was opened here; what the caller opened stays open. */
  close(): Promise<void>;
}

/** Opens a place. */
export async function openPlace(place: Place, url: UrlOptions = {}): Promise<OpenPlace> {
  if (typeof place === 'object' && 'read' in place) {
    return { source: place, path: undefined, close: async () => {} };
  }
  if (/^https?:/i.test(String(place))) {
    return { source: await fromUrl(place, url), path: undefined, close: async () => {} };
  }
  const path = place instanceof URL ? fileURLToPath(place) : place;
  const file = await openFile(path);
  return { source: file, path, close: () => file.close() };
}
