import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ByteSource } from '@torsh/bytes';
import type { Input } from '@torsh/core';
import { treeOf } from './sources.ts';

/** Files of one model, small enough for memory. */
export interface Sample {
  readonly name: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Which of the files is meant; the whole tree where absent. */
  readonly entry?: string | undefined;
}

/** One file in memory. */
export function sampleOf(name: string, bytes: Uint8Array): Sample {
  return { name, files: new Map([[name, bytes]]), entry: name };
}

/** One file on disk. */
export function sampleFrom(file: string | URL): Sample {
  const path = file instanceof URL ? file.pathname : file;
  return sampleOf(basename(path), new Uint8Array(readFileSync(file)));
}

/** Every file of a folder with one of the endings, each a sample. */
export function samplesIn(folder: string | URL, ...suffixes: readonly string[]): Sample[] {
  const root = folder instanceof URL ? folder.pathname : folder;
  return readdirSync(root)
    .filter((name) => suffixes.some((suffix) => name.endsWith(suffix)))
    .sort()
    .map((name) => sampleFrom(join(root, name)));
}

/** A sample as an input, each of its sources put into `wrap`. */
export function inputOf(
  { files, entry }: Sample,
  wrap?: (source: ByteSource, path: string) => ByteSource,
): Input {
  return { files: treeOf(files, wrap), entry };
}
