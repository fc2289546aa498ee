import fs from 'node:fs';
import nodePath from 'node:path';
import { type ByteSink, checkPath, type FileTreeSink, TorshError } from '@torsh/bytes';
import { diskSink } from './disk-sink.ts';
import { ioError } from './io-error.ts';
import { checkTarget, type OutputOptions, publish, temporaryName } from './temporary.ts';

/** A file that waits to get its name. */
interface Waiting {
  readonly path: string;
  readonly temporary: string;
  readonly sink: ByteSink;
  whole: boolean;
}

/**
 * A place for formats that are a file and others beside it which it names. All get their names when everything is
 * closed, the file itself last: where it is, the others are.
 */
export async function toMainFile(path: string, options: OutputOptions = {}): Promise<FileTreeSink> {
  checkTarget(path, options);
  const main = nodePath.basename(path);
  const folder = nodePath.dirname(nodePath.resolve(path));
  const files = new Map<string, Waiting>();
  const made: string[] = [];
  const give = (): void => {
    for (const { temporary } of files.values()) fs.rmSync(temporary, { force: true });
    for (const each of made.reverse()) removeEmpty(each);
  };
  return {
    async create(name) {
      checkPath(name);
      if (files.has(name)) throw new TypeError(`the file ${name} is made twice`);
      const shown = nodePath.join(nodePath.dirname(path), ...name.split('/'));
      if (name !== main) checkTarget(shown, options);
      const temporary = temporaryName(placeFor(folder, name, shown, made));
      const file: Waiting = {
        path: shown,
        temporary,
        whole: false,
        sink: diskSink(temporary, {
          path: shown,
          fsync: options.fsync,
          ending: {
            close: () => {
              file.whole = true;
            },
            abort: () => fs.rmSync(temporary, { force: true }),
          },
        }),
      };
      files.set(name, file);
      return file.sink;
    },
    async close() {
      const last = files.get(main);
      if (last === undefined) throw new TypeError(`${path} was ended before its file was made`);
      const order = [...[...files.values()].filter((file) => file !== last), last];
      const unfinished = order.find(({ whole }) => !whole);
      if (unfinished !== undefined) throw new TypeError(`${unfinished.path} was not ended`);
      const published: string[] = [];
      try {
        for (const { temporary, path: target } of order) {
          const fresh = !fs.existsSync(target);
          publish(temporary, target, options);
          if (fresh) published.push(target);
        }
      } catch (error) {
        for (const target of published) fs.rmSync(target, { force: true });
        give();
        throw error;
      }
      files.clear();
    },
    async abort(reason) {
      for (const { sink, whole } of files.values()) if (!whole) await sink.abort(reason);
      give();
      files.clear();
    },
  };
}

/** The whole path of a file in the folder. Folders on the way are made; links on the way may not lead out. */
function placeFor(folder: string, name: string, shown: string, made: string[]): string {
  let at = folder;
  for (const parent of name.split('/').slice(0, -1)) {
    at = nodePath.join(at, parent);
    try {
      if (fs.lstatSync(at, { throwIfNoEntry: false }) === undefined) {
        fs.mkdirSync(at);
        made.push(at);
      }
      if (!fs.lstatSync(at).isDirectory()) {
        const message = `${nodePath.dirname(shown)} is not a folder, or leads to another one; nothing is put there.`;
        throw new TorshError('unsafe', message, { path: shown });
      }
    } catch (error) {
      throw ioError(error, 'written', shown);
    }
  }
  return nodePath.join(folder, ...name.split('/'));
}

function removeEmpty(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch {
    // Somebody has put something into it meanwhile.
  }
}
