import { type ByteSource, readAll } from '@torsh/bytes';
import { type Archive, createContext } from '@torsh/core';
import { toSingleFile } from '@torsh/node';
import { applyDelta, type Delta, parseDelta, torshpkg } from '@torsh/torshpkg';
import type { Lent } from '../lend.ts';

/** A delta of the Rust crate, which is read into memory whole: so the crate made it. */
export async function readDelta(file: ByteSource, { options }: Lent): Promise<Delta> {
  const { limits, signal } = options;
  return parseDelta(await readAll(file, limits.inflatedBytes, { signal }), limits);
}

/** Writes the package that a delta of the crate makes of another one. */
export async function applyCrateDelta(
  base: Archive,
  delta: Delta,
  output: { readonly absolute: string; readonly options: Parameters<typeof toSingleFile>[1] },
  { options }: Lent,
): Promise<void> {
  const context = createContext(options);
  const target = await applyDelta(base, delta, context);
  const sink = await toSingleFile(output.absolute, output.options);
  try {
    await torshpkg().writer!.write(target, sink, 'package.torshpkg', context);
    context.signal.throwIfAborted();
    await sink.close();
  } catch (error) {
    await sink.abort(error).catch(() => undefined);
    throw error;
  }
}
