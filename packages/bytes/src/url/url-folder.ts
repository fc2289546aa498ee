import { isTorshError } from '../errors.ts';
import { checkPath, type FileTree } from '../tree.ts';
import { parseAddress } from './address.ts';
import type { UrlOptions } from './options.ts';
import { fromUrl, type UrlSource } from './url.ts';

/** A file on a server, and those that lie beside it. */
export interface UrlFolder extends FileTree {
  /** The name of the file in its folder. */
  readonly entry: string;
  readonly source: UrlSource;
}

/**
 * The folder of a file on a server: models are often a file that names others beside it. Others are asked for when
 * opened, below the same address and with the same headers. A server does not list, so only the file itself is listed.
 */
export async function fromUrlFolder(address: string | URL, options: UrlOptions = {}): Promise<UrlFolder> {
  const { url } = parseAddress(address);
  const entry = nameOf(url);
  const source = await fromUrl(address, options);
  const opened = new Map<string, Promise<UrlSource | undefined>>([[entry, Promise.resolve(source)]]);
  return {
    entry,
    source,
    async *list() {
      yield { path: entry, size: source.size };
    },
    async open(path) {
      const known = opened.get(path);
      if (known !== undefined) return known;
      checkPath(path);
      const beside = new URL(address);
      const folder = beside.pathname.slice(0, beside.pathname.lastIndexOf('/') + 1);
      beside.pathname = folder + path.split('/').map(encodeURIComponent).join('/');
      // What is signed is signed for one file.
      beside.search = '';
      const found = fromUrl(beside, options).catch((error: unknown) => {
        if (isTorshError(error, 'not-found')) return undefined;
        opened.delete(path);
        throw error;
      });
      opened.set(path, found);
      return found;
    },
  };
}

/** The last part of the path, as far as it is a name. */
function nameOf({ pathname, hostname }: URL): string {
  const last = pathname.slice(pathname.lastIndexOf('/') + 1);
  let name = last;
  try {
    name = decodeURIComponent(last);
  } catch {
    // Not UTF-8: taken as it is written.
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const plain = name.replace(/[\u0000-\u001f\u007f/\\]/g, '_');
  return plain === '' || plain === '.' || plain === '..' ? hostname : plain;
}
