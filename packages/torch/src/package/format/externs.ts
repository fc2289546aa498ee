import { decodeUtf8, type Limits, readAll } from '@torsh/bytes';
import { interpret } from '@torsh/pickle';
import { imports } from '@torsh/python';

/** A module of a package that is being made. */
export interface ModuleSource {
  readonly path: string;
  readonly data: Parameters<typeof readAll>[0];
}

/** Names that torch itself gives to packaged code. */
const GIVEN = new Set(['torch_package_importer', '_mock']);

/**
 * The modules that a package needs from outside: those that are stated, those that its pickles name, and those that its
 * sources import, less those that it has. torch lets packaged code import nothing that is not listed.
 */
export async function externsOf(
  stated: readonly string[],
  pickles: readonly Uint8Array[],
  modules: readonly ModuleSource[],
  records: readonly string[],
  { limits, signal }: { readonly limits: Limits; readonly signal?: AbortSignal },
): Promise<readonly string[]> {
  const own = new Set<string>();
  for (const record of records) {
    const parts = record.replace(/\.py$/, '').split('/');
    for (let depth = 1; depth <= parts.length; depth++) own.add(parts.slice(0, depth).join('.'));
  }
  const found = new Set<string>();
  const add = (name: string) => {
    if (!GIVEN.has(name) && !own.has(name) && isName(name)) found.add(name);
  };
  stated.forEach(add);
  for (const bytes of pickles) for (const { module } of interpret(bytes, limits).globals) add(module ?? '');
  for (const { path, data } of modules) {
    if (data.size > limits.headerBytes) continue;
    const text = decodeUtf8(await readAll(data, limits.headerBytes, { signal }));
    if (text === undefined) continue;
    const isPackage = path.endsWith('/__init__.py') || path === '__init__.py';
    const module = path.replace(/(\/__init__)?\.py$/, '').replaceAll('/', '.');
    for (const each of imports(text, { module, isPackage }, limits).references) {
      if (each.name === undefined || !own.has(`${each.module}.${each.name}`)) add(each.module);
    }
  }
  return [...found];
}

/** One line of the list is one name. */
function isName(name: string): boolean {
  return name !== '' && !/[\s/\\]/.test(name) && !/^\.|\.\.|\.$/.test(name);
}
