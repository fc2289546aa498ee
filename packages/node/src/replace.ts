import fs from 'node:fs';
import { type ByteSink, TorshError } from '@torsh/bytes';
import { toFile } from './file-sink.ts';
import { ioError } from './io-error.ts';
import type { OutputOptions } from './temporary.ts';

/** A file that is to be replaced by a new one, as it was when somebody began to make that. */
export interface Replaceable {
  /** Without links: what is replaced is the file, and links to it stay. */
  readonly path: string;
  /**
   * A sink that becomes the file when it is closed, in one step and with the permissions of the old one. Until then, and
   * after a failure, the old one is there whole. Closing fails if somebody else has replaced or changed it meanwhile.
   */
  replace(options?: Pick<OutputOptions, 'fsync'>): Promise<ByteSink>;
}

/** Remembers a file, so that it can be replaced and nothing that others do to it is lost. */
export function fileToReplace(path: string): Replaceable {
  const { path: whole, stats } = lookAt(path);
  return {
    path: whole,
    async replace(options = {}) {
      const unchanged = (): void => {
        const now = lookAt(whole).stats;
        const same = (['dev', 'ino', 'size', 'mtimeNs'] as const).every((key) => now[key] === stats[key]);
        if (same) return;
        throw new TorshError(
          'io',
          `${path} was changed by another program in the meantime, and is left as that made it. Do it again.`,
          { path },
        );
      };
      unchanged();
      const mode = Number(stats.mode & 0o7777n);
      const sink = await toFile(whole, { ...options, force: true, mode });
      return {
        get position() {
          return sink.position;
        },
        write: (bytes) => sink.write(bytes),
        ...(sink.transfer === undefined ? {} : { transfer: sink.transfer }),
        async close() {
          try {
            unchanged();
          } catch (error) {
            await sink.abort(error);
            throw error;
          }
          await sink.close();
        },
        abort: (reason) => sink.abort(reason),
      };
    },
  };
}

function lookAt(path: string): { readonly path: string; readonly stats: fs.BigIntStats } {
  try {
    const whole = fs.realpathSync.native(path);
    return { path: whole, stats: fs.statSync(whole, { bigint: true }) };
  } catch (error) {
    throw ioError(error, 'read', path);
  }
}
