import fs from 'node:fs';
import nodePath from 'node:path';
import { fromUrlFolder, type UrlOptions } from '@torsh/bytes';
import { Failure } from './failure.ts';
import type { Located } from './locate.ts';
import { UsageError } from './usage.ts';

/** A file on a server as an input: its parts are fetched as they are read, and its neighbours are within reach. */
export async function locateUrl(address: string, options: UrlOptions): Promise<Located> {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new UsageError(`${address} is no address. Write it as in https://example.org/model.torsh.`);
  }
  try {
    const folder = await fromUrlFolder(url, options);
    return {
      path: folder.source.address,
      absolute: undefined,
      outputBeside: folder.entry,
      isFolder: false,
      input: { files: folder, entry: folder.entry },
      bytes: async () => folder.source.size,
      close: async () => {},
    };
  } catch (error) {
    throw new Failure(`${url.origin}${url.pathname}`, error);
  }
}

/** Headers from `name: value`, or from a file of such lines behind `@`, which keeps secrets out of lists of processes. */
export function parseHeaders(texts: readonly string[], cwd: string): { readonly [name: string]: string } {
  const lines = texts.flatMap((text) => (text.startsWith('@') ? linesOf(text.slice(1), cwd) : [text]));
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] =
        /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e\x80-\xff]*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) {
        throw new UsageError(
          '--header: write it as in "authorization: Bearer …", or as @ and a file of such lines.',
        );
      }
      return [name.toLowerCase(), value];
    }),
  );
}

function linesOf(path: string, cwd: string): string[] {
  try {
    const text = fs.readFileSync(nodePath.resolve(cwd, path), 'utf8');
    return text.split(/\r?\n/).filter((line) => line.trim() !== '');
  } catch (error) {
    throw new UsageError(`--header @${path}: it cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
