import * as core from '@torsh/core';
import { type Options, withPlatform } from './options.ts';
import { openPlace, type Place } from './place.ts';

/** A package that is open; who opened it closes it. */
export interface OpenPackage extends core.Package {
  close(): Promise<void>;
}

/** Opens a package: directory and manifest are read, everything else when it is asked for. */
export async function loadPackage(place: Place, options: Options = {}): Promise<OpenPackage> {
  const opened = await openPlace(place, urlOf(options));
  try {
    const found = await core.loadPackage(opened.source, withPlatform(options));
    return { ...found, close: opened.close };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** What a package says of itself, and its size; nothing stays open. */
export async function inspectPackage(
  place: Place,
  options: Options = {},
): Promise<Pick<core.Package, 'manifest' | 'size'>> {
  const { manifest, size, close } = await loadPackage(place, options);
  await close();
  return { manifest, size };
}

function urlOf({ url, signal }: Options): Options['url'] {
  return { signal, ...url };
}
