import { type ByteSource, expecting, type FileTreeSink, slice, transfer } from '@torsh/bytes';
import type { Context } from '../format.ts';
import { matches } from '../matches.ts';
import { counting } from '../progress.ts';
import { entryOf, type TorshFile } from '../torsh/container.ts';
import { modelIn } from '../torsh/read.ts';
import { contextOf, type PackageOptions } from './options.ts';
import { openFile } from './package.ts';

/** What is to be taken out of a package. */
export interface ExtractOptions extends PackageOptions {
  /** Patterns of the paths of entries; all of them where there are none. */
  readonly only?: readonly string[] | undefined;
}

/** A file that was taken out. */
export interface Extracted {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Writes the entries of a package as files, under the paths that they have in it, every byte compared with its digest.
 * It does not end the output.
 */
export async function extractPackage(
  source: ByteSource,
  output: FileTreeSink,
  options: ExtractOptions,
): Promise<readonly Extracted[]> {
  const context = contextOf(options);
  const file = await openFile(source, context);
  const { only = [] } = options;
  const wanted = (path: string): boolean =>
    only.length === 0 || only.some((pattern) => matches(pattern, path));
  const entries = [...file.zip.entries.values()].filter(({ path }) => wanted(path));
  const advance = counting(context, 'writing', entries);
  const { platform, signal } = context;
  const done: Extracted[] = [];
  for (const { path, size } of entries) {
    const sink = await output.create(path, { size });
    await transfer(await partsOf(file, path, context), sink, { platform, signal, progress: advance });
    await sink.close();
    done.push({ path, bytes: size });
  }
  return done;
}

/** The bytes of an entry, in the pieces that the manifest has digests of. */
async function partsOf(file: TorshFile, path: string, context: Context): Promise<ByteSource[]> {
  const { zip, manifest } = file;
  const whole = zip.source(entryOf(zip, path));
  const model = manifest.models.find((each) => each.path === path);
  if (model !== undefined) {
    const { tensors } = await modelIn(zip, model, context);
    const { size, sha256 } = model.header;
    const header = expecting(slice(whole, 0, size), { sha256, path: `${path}: header` });
    return [header, ...model.tensors.map(({ name }) => tensors.get(name)!.data)];
  }
  const record = [...manifest.code, ...manifest.resources, ...manifest.records].find(
    (each) => each.path === path,
  );
  return [record === undefined ? whole : expecting(whole, { sha256: record.sha256, path })];
}
