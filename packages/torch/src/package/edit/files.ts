import { type ByteSource, fromBytes, pathFlaw } from '@torsh/bytes';
import { RequestError } from '@torsh/core';
import { modulePath } from '../export/records.ts';
import type { PackageImporter } from '../read/importer.ts';
import { EXTERN_MODULES } from '../read/records.ts';
import type { PackageEdits, SourceEdit } from './edits.ts';

/** The files of an edited package in their order, and what became of them. */
export interface EditedFiles {
  readonly files: ReadonlyMap<string, ByteSource>;
  readonly added: readonly string[];
  readonly replaced: readonly string[];
  readonly removed: readonly string[];
}

/** The id that torch makes of all other files, so a new one is made of the edited ones. */
export const SERIALIZATION_ID = '.data/serialization_id';

/** Replaces files where they are, puts new ones in front of those that torch writes at the end, and takes others away. */
export function editFiles(importer: PackageImporter, edits: PackageEdits): EditedFiles {
  const files = new Map<string, ByteSource>();
  for (const path of importer.records) if (path !== SERIALIZATION_ID) files.set(path, importer.record(path)!);
  const changes = { added: [] as string[], replaced: [] as string[], removed: [] as string[] };
  for (const path of edits.remove ?? []) {
    checkChangeable(path);
    if (!files.delete(path)) throw new RequestError(`The package has no file ${path} that could be removed.`);
    changes.removed.push(path);
  }
  const put = (path: string, content: ByteSource): void => {
    checkChangeable(path);
    const twin = [...files.keys()].find(
      (known) => known !== path && known.toLowerCase() === path.toLowerCase(),
    );
    if (twin !== undefined)
      throw new RequestError(
        `${path} differs from ${twin} only in the case of letters, which torch does not tell apart.`,
      );
    (files.has(path) ? changes.replaced : changes.added).push(path);
    files.set(path, content);
  };
  for (const edit of edits.sources ?? []) {
    const [path, other] = pathsOf(edit, importer);
    if (files.delete(other)) changes.removed.push(other);
    put(path, fromBytes(new TextEncoder().encode(edit.source)));
  }
  for (const { path, content } of edits.files ?? []) put(path, content);
  return { files: inOrder(files, new Set(changes.added)), ...changes };
}

/** Where the source goes, and where it must not be as well: a module is a file or a folder. */
function pathsOf(
  { module, isPackage }: SourceEdit,
  { modules }: PackageImporter,
): [path: string, other: string] {
  const known = modules.get(module);
  const asPackage = isPackage ?? (known?.path !== undefined && known.isPackage);
  return [modulePath(module, asPackage), modulePath(module, !asPackage)];
}

function checkChangeable(path: string): void {
  const flaw = pathFlaw(path);
  if (flaw !== undefined) throw new RequestError(`There can be no file '${path}' in a package: ${flaw}.`);
  if (path.startsWith('.data/') || path === 'byteorder' || path === 'version')
    throw new RequestError(`${path} is torch's own record of the package; it cannot be edited.`);
}

/** As torch orders them: what the package says of itself comes last. */
function inOrder(
  files: ReadonlyMap<string, ByteSource>,
  added: ReadonlySet<string>,
): Map<string, ByteSource> {
  const ordered = new Map<string, ByteSource>();
  const addNew = (): void => {
    for (const path of added) ordered.set(path, files.get(path)!);
  };
  for (const [path, content] of files) {
    if (added.has(path)) continue;
    if (path === EXTERN_MODULES) addNew();
    ordered.set(path, content);
  }
  addNew();
  return ordered;
}
