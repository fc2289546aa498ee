import {
  type ByteSink,
  type ByteSource,
  defaultLimits,
  fromBytes,
  type Limits,
  type Platform,
} from '@torsh/bytes';
import type { Progress } from '@torsh/core';
import { writeRecords, writingOf } from '../../zip/write-container.ts';
import { treeOf } from '../export/module-tree.ts';
import type { PackageImporter } from '../read/importer.ts';
import { EXTERN_MODULES } from '../read/records.ts';
import type { PackageChanges, PackageEdits } from './edits.ts';
import { editFiles, SERIALIZATION_ID } from './files.ts';
import { outsideOf } from './outside.ts';

/** What editing is lent; only the platform is needed. */
export interface EditOptions {
  readonly platform: Platform;
  /** False: what new sources import is not looked at. */
  readonly dependencies?: boolean | undefined;
  readonly limits?: Limits | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told how far the writing is. */
  progress?(progress: Progress): void;
}

/** An edited package that is not written yet. */
export interface EditedPackage extends PackageChanges {
  /** Writes it. All files that were not edited are copied byte for byte, but the id that torch makes of all of them. */
  write(sink: ByteSink): Promise<void>;
}

/**
 * Changes files of a package: replaces or adds sources as `save_source_string` does, and other files, and takes some away.
 * Nothing is written yet. What new sources import of torch and the standard library becomes external, as torch decides it.
 */
export function editPackage(
  importer: PackageImporter,
  edits: PackageEdits,
  options: EditOptions,
): EditedPackage {
  const { limits = defaultLimits, platform, signal = new AbortController().signal } = options;
  const { files, ...changes } = editFiles(importer, edits);
  const asked = (edits.externs ?? []).filter((name) => !importer.externModules.includes(name));
  // As an importer will see it: a module below a module, or within an external one, is refused here.
  const tree = treeOf(files.keys(), [...importer.externModules, ...asked], limits);
  const sources = options.dependencies === false ? [] : (edits.sources ?? []);
  const outside = outsideOf(sources, tree, importer, limits);
  const externs = [...new Set([...asked, ...outside.externs])];
  const lists = { ...changes, externs, missing: outside.missing };
  return {
    ...lists,
    async write(sink) {
      const records = Array.from(files, ([name, content]) => {
        const changed = name === EXTERN_MODULES && externs.length > 0;
        return { name, sources: [changed ? lines([...importer.externModules, ...externs]) : content] };
      });
      const progress = writingOf(records, { progress: (done) => options.progress?.(done) });
      const id = importer.hasRecord(SERIALIZATION_ID);
      await writeRecords(records, sink, importer.folder || 'archive', { platform, signal }, progress, { id });
    },
  };
}

function lines(names: readonly string[]): ByteSource {
  return fromBytes(new TextEncoder().encode(names.map((name) => `${name}\n`).join('')));
}
