import * as core from '@torsh/core';
import { type Options, type SaveOptions, withPlatform } from './options.ts';
import { openPlace, type Place } from './place.ts';
import { ownFile, sinkFor } from './sink.ts';

/** What an update can do where there are disks. */
interface SaveToFile {
  /**
   * Writes the new package and closes the old one: to a file, or in the place of the old one where no path is given. The
   * new file takes its name in one step, so the name means a whole package at every moment.
   */
  save(path?: string, options?: SaveOptions): Promise<core.Written>;
  /** Gives the update up. */
  close(): Promise<void>;
}

/** An update of a package on a disk, or of one that is to be saved on one. */
export type PackageUpdater = core.PackageUpdater & SaveToFile;

/** Begins an update of a package. */
export async function packageUpdater(
  place: Place,
  config: core.UpdateConfig & Options = {},
): Promise<PackageUpdater> {
  const opened = await openPlace(place, config.url);
  try {
    const own = ownFile(opened);
    const found = await core.loadPackage(opened.source, withPlatform(config));
    const updater = await core.packageUpdater(found, config);
    return Object.assign(updater, {
      close: opened.close,
      async save(path?: string, options: SaveOptions = {}) {
        const sink = await sinkFor(own, path, options);
        const written = await updater.saveTo(sink, withPlatform(options));
        await opened.close();
        return written;
      },
    });
  } catch (error) {
    await opened.close();
    throw error;
  }
}
