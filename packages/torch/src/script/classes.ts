import { decodeUtf8, readAll, TorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import type { GlobalUse } from '@torsh/pickle';
import type { Records } from '../zip/container.ts';
import { type ClassSource, classesIn } from './code.ts';

/** The classes of a file by their full names, such as `__torch__.models.Net`. */
export type Classes = ReadonlyMap<string, ClassSource>;

/** Looks the classes that a pickle names up in the sources beside it; those without a source are left out. */
export async function readClasses(
  globals: readonly GlobalUse[],
  container: Records,
  context: Context,
): Promise<Classes> {
  const modules = new Map<string, Set<string>>();
  for (const { module, name } of globals) {
    if (module === undefined || name === undefined || !isScript(module)) continue;
    const names = modules.get(module) ?? new Set();
    modules.set(module, names.add(name));
  }
  const found = new Map<string, ClassSource>();
  let left = context.limits.headerBytes;
  for (const [module, names] of modules) {
    const path = `code/${module.replaceAll('.', '/')}.py`;
    const source = container.record(path);
    if (source === undefined) continue;
    left -= source.size;
    if (left < 0) {
      const message = `The code has more than ${context.limits.headerBytes} bytes (limit headerBytes).`;
      throw new TorshError('limit', message, { path });
    }
    const text = decodeUtf8(await readAll(source, context.limits.headerBytes, context));
    if (text === undefined) throw new TorshError('malformed', 'The source is not text in UTF-8.', { path });
    for (const [name, each] of classesIn(text)) if (names.has(name)) found.set(`${module}.${name}`, each);
  }
  return found;
}

/** True for the modules of classes that TorchScript compiles. */
export function isScript(module: string): boolean {
  return module === '__torch__' || module.startsWith('__torch__.');
}
