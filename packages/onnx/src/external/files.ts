import { type ByteSource, fromBytes, type ReadOptions, slice, TorshError } from '@torsh/bytes';
import type { Context, Input } from '@torsh/core';
import type { Location } from './location.ts';

/** Opens the files beside a model, each once. */
export interface ExternalFiles {
  /** A stretch of a file. */
  window(location: Location, place: string): Promise<ByteSource>;
  /** Takes a file along of which no tensor has anything; one that is not there is not missed. */
  touch(path: string): Promise<void>;
  /** What was opened. */
  readonly opened: ReadonlyMap<string, ByteSource>;
}

/** The files beside the model of an input. */
export function externalFiles(
  { files, entry = '' }: Input,
  context: Pick<Context, 'signal' | 'report'>,
): ExternalFiles {
  const folder = entry.slice(0, entry.lastIndexOf('/') + 1);
  const opened = new Map<string, ByteSource>();
  const absent = new Set<string>();
  const noted = new Set<string>();
  return {
    opened,
    async window({ path, offset, length, checksum }, place) {
      if (length === 0) {
        await this.touch(path);
        return fromBytes(new Uint8Array(0));
      }
      const whole = `${folder}${path}`;
      const source = opened.get(path) ?? (await openFile(files, whole, place, context));
      opened.set(path, source);
      if (checksum !== undefined && !noted.has(path)) {
        noted.add(path);
        const message = `The model has a check sum of ${path}, which was not compared; no runtime does that either.`;
        context.report({ severity: 'note', code: 'checksum', message, subject: path });
      }
      if (offset + length > source.size) {
        const message = `${place} should be ${length} bytes at byte ${offset} of ${path}, which has only ${source.size} bytes. Fetch the file again.`;
        throw new TorshError('truncated', message, { path: whole, offset: source.size });
      }
      return slice(source, offset, length);
    },
    async touch(path) {
      if (opened.has(path) || absent.has(path)) return;
      const source = await files.open(`${folder}${path}`, context);
      if (source === undefined) absent.add(path);
      else opened.set(path, source);
    },
  };
}

async function openFile(
  files: Input['files'],
  path: string,
  place: string,
  options: ReadOptions,
): Promise<ByteSource> {
  const source = await files.open(path, options);
  if (source !== undefined) return source;
  const message = `The model keeps ${place} in ${path}, which is not beside it. Put the file there, or fetch the model with all its files.`;
  throw new TorshError('not-found', message, { path });
}
