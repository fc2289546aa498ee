import fs from 'node:fs';
import nodePath from 'node:path';
import type { ByteSink, FileTreeSink } from '@torsh/bytes';
import { diskSink } from './disk-sink.ts';
import { checkTarget, type OutputOptions, publish, temporaryName } from './temporary.ts';

/** A file that appears under its name whole, when closed, or not at all. */
export async function toFile(path: string, options: OutputOptions = {}): Promise<ByteSink> {
  checkTarget(path, options);
  const whole = nodePath.resolve(path);
  const temporary = temporaryName(whole);
  const remove = (): void => fs.rmSync(temporary, { force: true });
  const close = (): void => {
    try {
      publish(temporary, path, options);
    } catch (error) {
      remove();
      throw error;
    }
  };
  const { fsync, mode } = options;
  return diskSink(temporary, { path, fsync, mode, ending: { close, abort: remove } });
}

/** A place for formats that are one file: takes one file, by whatever name, and puts it at `path` when closed. */
export async function toSingleFile(path: string, options: OutputOptions = {}): Promise<FileTreeSink> {
  checkTarget(path, options);
  const temporary = temporaryName(nodePath.resolve(path));
  const remove = (): void => fs.rmSync(temporary, { force: true });
  let sink: ByteSink | undefined;
  let whole = false;
  return {
    async create(name) {
      if (sink !== undefined) throw new TypeError(`${path} is one file; there is no place for ${name} in it`);
      const close = (): void => {
        whole = true;
      };
      sink = diskSink(temporary, { path, fsync: options.fsync, ending: { close, abort: remove } });
      return sink;
    },
    async close() {
      if (!whole) throw new TypeError(`${path} was ended before its file was`);
      whole = false;
      try {
        publish(temporary, path, options);
      } catch (error) {
        remove();
        throw error;
      }
    },
    async abort(reason) {
      await sink?.abort(reason);
      if (whole) remove();
      whole = false;
    },
  };
}
