import { readFileSync } from 'node:fs';
import { type ByteSource, fromBytes, fromFiles, webPlatform } from '@torsh/bytes';
import { createContext, type Input, type Issue } from '@torsh/core';
import { openZip } from '@torsh/zip';
import { openPackage, type PackageImporter } from '../../src/index.ts';

const folder = new URL('../../../../fixtures/torch-package/', import.meta.url);

/** A tensor as the oracle speaks of it. */
export interface Told {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly sha256: string;
}

export interface ToldPart {
  readonly tensors: readonly Told[];
  readonly aliases: Readonly<Record<string, string>>;
}

export interface Expectation {
  readonly structure: string;
  readonly externs: readonly string[];
  readonly python: string | null;
  /** The tensors of each pickle, by its record. */
  readonly pickles: Readonly<Record<string, ToldPart & { readonly extra: ToldPart }>>;
  /** True for files that are as torch's own exporter wrote them. */
  readonly exported: boolean;
}

export const expected: Readonly<Record<string, Expectation>> = JSON.parse(
  readFileSync(new URL('expected.json', folder), 'utf8'),
).files;

export function bytesOf(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(encodeURIComponent(name), folder)));
}

export function inputOf(name: string, bytes: Uint8Array = bytesOf(name)): Input {
  return { files: fromFiles(new Map([[name, fromBytes(bytes)]])), entry: name };
}

/** A package of the fixtures; what was reported on the way goes to `issues`. */
export async function opened(name: string, issues: Issue[] = []): Promise<PackageImporter> {
  return openPackage(inputOf(name), { platform: webPlatform, report: (issue) => issues.push(issue) });
}

/** A package as the folder that `unzip` makes of it. */
export async function unzipped(name: string, root = ''): Promise<Input> {
  const files = new Map<string, ByteSource>();
  const context = createContext({ formats: [], platform: webPlatform });
  const zip = await openZip(fromBytes(bytesOf(name)), { ...context, strictness: 'tolerant' });
  for (const [path, entry] of zip.entries)
    files.set(root + path.slice(path.indexOf('/') + 1), zip.source(entry));
  return { files: fromFiles(files) };
}

/** The two halves of the name of a record, as `loadPickle` wants them. */
export function placeOf(record: string): readonly [inPackage: string, resource: string] {
  const slash = record.lastIndexOf('/');
  return [record.slice(0, slash).replaceAll('/', '.'), record.slice(slash + 1)];
}
