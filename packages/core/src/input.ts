import { type ByteSource, type ReadOptions, TorshError } from '@torsh/bytes';
import type { Input } from './format.ts';

/** The bytes of the file that an input names; `undefined` for an input that is a whole tree. */
export async function entrySource(input: Input, options?: ReadOptions): Promise<ByteSource | undefined> {
  if (input.entry === undefined) return undefined;
  const source = await input.files.open(input.entry, options);
  if (source === undefined) {
    throw new TorshError('not-found', `There is no file ${input.entry}.`, { path: input.entry });
  }
  return source;
}

/** The first bytes of a file, fewer where it is shorter: what detection looks at. */
export async function head(source: ByteSource, length: number, options?: ReadOptions): Promise<Uint8Array> {
  return source.read(0, Math.min(length, source.size), options);
}
