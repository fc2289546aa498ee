import type { UrlOptions } from '@torsh/bytes';
import type { PackageOptions } from '@torsh/core';
import { digestInParallel, nodePlatform } from '@torsh/node';

/** What a caller may say of how files are read; nothing is needed. */
export interface Options extends Partial<PackageOptions> {
  /** How files on servers are asked for. */
  readonly url?: UrlOptions | undefined;
}

/** How a file is written. */
export interface SaveOptions extends Partial<PackageOptions> {
  /** Whether it may take the place of what is there. */
  readonly force?: boolean | undefined;
  /** Whether the end waits until the bytes are on the disk; it does unless told otherwise. */
  readonly fsync?: boolean | undefined;
}

/** The options with Node's platform, where no other one is given. */
export function withPlatform(options: Partial<PackageOptions>): PackageOptions {
  const { platform = { ...nodePlatform, digest: digestInParallel } } = options;
  return { ...options, platform };
}
