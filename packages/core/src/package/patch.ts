import type { ByteSink, ByteSource } from '@torsh/bytes';
import { createPatch, type PatchHead } from '../patch/index.ts';
import { unwrittenFile } from '../patch/unwritten.ts';
import type { PackageOptions } from './options.ts';
import { loadPackage } from './package.ts';
import { type PackageUpdater, packageUpdater, type UpdateConfig } from './updater.ts';

/** Collects changes of a package, to be saved as a patch instead of a package. */
export interface PackagePatch extends PackageUpdater {
  /** Writes the patch that makes the changed package of the old one, and ends the sink. The changed package is not written. */
  savePatchTo(sink: ByteSink, options: PackageOptions): Promise<PatchHead>;
}

/** Begins a patch of a package, whose file must stay open until the patch is saved. */
export async function packagePatch(
  base: ByteSource,
  config: UpdateConfig & PackageOptions,
): Promise<PackagePatch> {
  const pack = await loadPackage(base, config);
  const updater = await packageUpdater(pack, config);
  return Object.assign(updater, {
    async savePatchTo(sink: ByteSink, options: PackageOptions): Promise<PatchHead> {
      try {
        const unwritten = unwrittenFile();
        await updater.saveTo(unwritten.sink, options);
        const file = unwritten.source();
        const target = { file, archive: await (await loadPackage(file, options)).archive() };
        return await createPatch({ file: base, archive: await pack.archive() }, target, sink, options);
      } catch (error) {
        await sink.abort(error).catch(() => undefined);
        throw error;
      }
    },
  });
}
