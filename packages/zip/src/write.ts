import {
  type ByteSink,
  type ByteSource,
  combineCrc32,
  type Digests,
  digest,
  type FileTreeSink,
  type Platform,
  type TransferOptions,
  transfer,
} from '@torsh/bytes';
import { canonicalForm } from './encode.ts';
import type { EntryForm, ZipForm } from './form.ts';

/** What writing a ZIP is lent. */
export interface ZipSinkOptions {
  readonly platform: Platform;
  /** How headers are spelled; that of .torsh files where absent. */
  readonly form?: ZipForm | undefined;
}

/**
 * A ZIP in one pass over an append-only sink: same files in the same order, same bytes. Entries are stored; a source
 * that was deflated in another ZIP is copied as it is, never compressed again.
 */
export function zipSink(sink: ByteSink, options: ZipSinkOptions): FileTreeSink {
  const { platform, form = canonicalForm } = options;
  const entries: EntryForm[] = [];
  const made = new Set<string>();
  let open: string | undefined;
  const base = sink.position;

  const idle = (): void => {
    if (open !== undefined) throw new TypeError(`the file ${open} is still open`);
  };
  return {
    async create(path, hint) {
      idle();
      // A ZIP header says at once whether the entry is a large one, so no entry begins before its size is known.
      if (hint?.size === undefined)
        throw new TypeError(`the size of ${path} must be known before it is written`);
      if (made.has(path)) throw new TypeError(`the file ${path} is made twice`);
      made.add(path);
      open = path;
      return entrySink(
        sink,
        path,
        { size: hint.size, alignAt: hint.alignAt, base, platform, form },
        (entry) => {
          entries.push(entry);
          open = undefined;
        },
      );
    },
    async close() {
      idle();
      await sink.write(form.directory(entries, sink.position - base));
      await sink.close();
    },
    abort: (reason) => sink.abort(reason),
  };
}

interface EntrySinkOptions {
  readonly size: number;
  readonly alignAt: number | undefined;
  /** Where the ZIP begins in its sink. */
  readonly base: number;
  readonly platform: Platform;
  readonly form: ZipForm;
}

/** One entry: header before the first byte, bytes, descriptor at the close. */
function entrySink(
  sink: ByteSink,
  path: string,
  { size: wanted, alignAt, base, platform, form: spelled }: EntrySinkOptions,
  done: (entry: EntryForm) => void,
): ByteSink {
  const offset = sink.position - base;
  let form: EntryForm | undefined;
  let size = 0;
  let crc32 = 0;

  const begin = async (method: EntryForm['method'], compressedSize = wanted): Promise<void> => {
    if (form !== undefined) return;
    form = { path, method, size: wanted, compressedSize, crc32: 0, offset, alignAt };
    await sink.write(spelled.localHeader(form));
  };
  const append = (found: Digests, length: number): void => {
    crc32 = combineCrc32(crc32, found.crc32!, length);
    size += length;
  };
  return {
    get position() {
      return size;
    },
    async write(bytes) {
      await begin('stored');
      await sink.write(bytes);
      crc32 = platform.crc32(bytes, crc32);
      size += bytes.length;
    },
    async transfer(sources, options) {
      const [only] = sources;
      if (
        form === undefined &&
        sources.length === 1 &&
        only?.deflated !== undefined &&
        only.size === wanted
      ) {
        await begin('deflate', only.deflated.size);
        return [await copyDeflated(only, only.deflated, options)];
      }
      await begin('stored');
      const digests = await transfer(sources, sink, { ...options, crc32: true });
      for (const [index, found] of digests.entries()) append(found, sources[index]!.size);
      return digests;
    },
    async close() {
      await begin('stored');
      if (size !== wanted) throw new TypeError(`${path} was to have ${wanted} bytes and got ${size}`);
      const entry: EntryForm = { ...form!, crc32 };
      await sink.write(spelled.descriptor(entry));
      done(entry);
    },
    abort: (reason) => sink.abort(reason),
  };

  async function copyDeflated(
    source: ByteSource,
    deflated: ByteSource,
    options: TransferOptions,
  ): Promise<Digests> {
    // The copy is of compressed bytes; the digests are of what they mean.
    await transfer([deflated], sink, { platform, signal: options.signal });
    const [found] = await digest([source], { ...options, crc32: true });
    append(found!, source.size);
    return found!;
  }
}
