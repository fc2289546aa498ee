import { decodeUtf8, type FileTree, type Limits, type ReadOptions, readAll, TorshError } from '@torsh/bytes';

/** A source that is to be saved as that of a module. */
export interface SourceFile {
  readonly module: string;
  readonly source: string;
  readonly isPackage: boolean;
}

/**
 * The source in a file as that of a module, or all `.py` files of a folder as that of a package and what is in it. As in
 * torch, they are UTF-8 and are not changed, and a file called `__init__.py` is the source of a package.
 */
export async function sourceFiles(
  module: string,
  files: FileTree,
  path: string,
  limits: Limits,
  options: ReadOptions,
): Promise<SourceFile[]> {
  const single = path === '' ? undefined : await files.open(path, options);
  const read = async (file: string): Promise<string> => {
    const bytes = await readAll((await files.open(file, options))!, limits.headerBytes, options);
    const text = decodeUtf8(bytes);
    if (text === undefined)
      throw new TorshError('malformed', `The source ${file} is not UTF-8.`, { path: file });
    return text;
  };
  if (single !== undefined)
    return [{ module, source: await read(path), isPackage: /(^|\/)__init__\.py$/.test(path) }];
  const folder = path === '' ? '' : `${path.replace(/\/$/, '')}/`;
  const paths: string[] = [];
  for await (const file of files.list(options))
    if (file.path.startsWith(folder) && file.path.endsWith('.py')) paths.push(file.path);
  if (paths.length === 0)
    throw new TorshError('not-found', `There is no file ${path}, nor a folder with sources.`, { path });
  const saved: SourceFile[] = [];
  for (const each of paths.sort()) {
    const inside = `${module.replaceAll('.', '/')}/${each.slice(folder.length)}`;
    const [, name, init] = /^(.*?)(\/__init__)?\.py$/.exec(inside)!;
    saved.push({
      module: name!.replaceAll('/', '.'),
      source: await read(each),
      isPackage: init !== undefined,
    });
  }
  return saved;
}
