import * as core from '@torsh/core';
import { toFile } from '@torsh/node';
import { type Options, type SaveOptions, withPlatform } from './options.ts';
import { openPlace, type Place } from './place.ts';
import { ownFile, sinkFor } from './sink.ts';

/** What a patch in the making can do where there are disks. */
interface SavePatch {
  /** Writes the patch to a file, which appears whole or not at all, and closes the package. The package stays as it is. */
  saveAsPatch(path: string, options?: SaveOptions): Promise<core.PatchHead>;
  /** Gives the patch up. */
  close(): Promise<void>;
}

/** Changes of a package that are to become a patch. */
export type PackagePatch = core.PackagePatch & SavePatch;

/** Begins a patch of a package. */
export async function packagePatch(
  place: Place,
  config: core.UpdateConfig & Options = {},
): Promise<PackagePatch> {
  const opened = await openPlace(place, config.url);
  try {
    const patch = await core.packagePatch(opened.source, { ...config, ...withPlatform(config) });
    return Object.assign(patch, {
      close: opened.close,
      async saveAsPatch(path: string, options: SaveOptions = {}) {
        const head = await patch.savePatchTo(await toFile(path, options), withPlatform(options));
        await opened.close();
        return head;
      },
    });
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/**
 * Makes the target of a patch: in another file, or in the place of the base where no path is given. The old file is whole
 * until the new one has its name, and stays if anything is wrong.
 */
export async function applyPatch(
  base: Place,
  patch: Place,
  path?: string,
  options: Options & SaveOptions = {},
): Promise<core.PatchHead> {
  const { url } = options;
  const opened = await openPlace(base, url);
  try {
    const own = ownFile(opened);
    const steps = await openPlace(patch, url);
    try {
      const sink = await sinkFor(own, path, options);
      return await core.applyPatch(opened.source, steps.source, sink, withPlatform(options));
    } finally {
      await steps.close();
    }
  } finally {
    await opened.close();
  }
}
