import { isTorshError, type Limits, type ReadOptions, readAll } from '@torsh/bytes';
import { interpret, newName } from '@torsh/pickle';
import type { PackageImporter } from '../read/importer.ts';

/** A pickle of a package, and the modules that it names. */
export interface PackagedPickle {
  /** The dotted name of the folder, and the name of the file in it. */
  readonly inPackage: string;
  readonly resource: string;
  readonly path: string;
  readonly modules: readonly string[];
  /** Why it could not be read to its end. */
  readonly failure?: string;
}

/** What a pickle begins with since protocol 2; where that is missing, its name has to tell. */
const PROTO = 0x80;
const STOP = 0x2e;

/** The pickles that a package was given, under any name, in the order of the file. */
export async function* packagedPickles(
  importer: PackageImporter,
  limits: Limits,
  options: ReadOptions,
): AsyncGenerator<PackagedPickle> {
  for (const path of importer.records) {
    const slash = path.lastIndexOf('/');
    if (path.startsWith('.data/') || path.endsWith('.py') || slash < 0) continue;
    const source = importer.record(path);
    if (source === undefined || source.size < 2) continue;
    const [first = 0, protocol = 0] = await source.read(0, 2, options);
    const [last] = await source.read(source.size - 1, 1, options);
    const looks = first === PROTO && protocol >= 2 && protocol <= 5 && last === STOP;
    if (!looks && !path.endsWith('.pkl')) continue;
    const place = {
      inPackage: path.slice(0, slash).replaceAll('/', '.'),
      resource: path.slice(slash + 1),
      path,
    };
    try {
      yield { ...place, modules: modulesIn(await readAll(source, limits.pickleBytes, options), limits) };
    } catch (error) {
      if (!isTorshError(error, 'malformed', 'truncated', 'unsupported')) throw error;
      // Any file may look like one or be called like one; that both are true by chance is unlikely.
      if (!looks || !path.endsWith('.pkl')) continue;
      yield { ...place, modules: [], failure: error.message };
    }
  }
}

/** Old protocols have the names of Python 2, and the importer of today maps them. */
function modulesIn(bytes: Uint8Array, limits: Limits): string[] {
  const { globals, protocol } = interpret(bytes, limits);
  return globals.flatMap(({ module, name }) => {
    if (module === undefined || name === undefined) return [];
    return [protocol >= 3 ? module : newName(module, name)[0]];
  });
}
