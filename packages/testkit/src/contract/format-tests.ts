import type { ByteSource, Limits } from '@torsh/bytes';
import type { Archive, Format } from '@torsh/core';
import type { MutationOptions } from '../mutations.ts';
import type { Sample } from '../samples.ts';

/** What the contract suite is told of a format. */
export interface FormatTests {
  readonly format: Format;
  /** Files that it must claim and open. */
  readonly good: readonly Sample[];
  /** Files of others, which it must leave alone. */
  readonly others: readonly Sample[];
  readonly options?: FormatTestOptions | undefined;
}

export interface FormatTestOptions {
  /** What `context.open` knows: for containers. */
  readonly formats?: readonly Format[] | undefined;
  /** The samples that are damaged at every byte: all good ones, unless that would take too long. */
  readonly damaged?: readonly Sample[] | undefined;
  readonly mutations?: MutationOptions | undefined;
  /** How many bytes opening may read besides what is not tensors: what a reader takes at a guess, such as a tail. */
  readonly slack?: number | undefined;
  /** A large input of a format that has no writer, to see that opening is lazy. */
  readonly big?: { readonly source: ByteSource; readonly entry: string } | undefined;
  /** One of everything that the writer accepts, where `accepts` does not tell which of it goes together. */
  readonly everything?: Archive | undefined;
  /** Archives to be written, besides what was read from the good samples and one of everything accepted. */
  readonly archives?: readonly Archive[] | undefined;
  readonly limits?: Partial<Limits> | undefined;
}

/** Files that no format may claim. */
export const nobody: readonly Sample[] = [
  ['empty', new Uint8Array(0)],
  ['one-byte', Uint8Array.of(0x50)],
  ['zeros', new Uint8Array(600)],
  ['page.html', new TextEncoder().encode('<!DOCTYPE html><html><body>404</body></html>')],
  ['text.txt', new TextEncoder().encode('{"a": 1}\n')],
  ['only-a-zip-signature', Uint8Array.of(0x50, 0x4b, 3, 4, ...new Uint8Array(60))],
].map(([name, bytes]) => ({
  name: name as string,
  files: new Map([[name as string, bytes as Uint8Array]]),
  entry: name as string,
}));
