import * as core from '@torsh/core';
import { toFile } from '@torsh/node';
import { type SaveOptions, withPlatform } from './options.ts';

/** What an exporter can do where there are disks. */
interface ExportToFile {
  /** Writes the package to a file, which appears whole or not at all. */
  exportToFile(path: string, options?: SaveOptions): Promise<core.Written>;
}

/** An exporter that knows disks. */
export type PackageExporter = core.PackageExporter & ExportToFile;

/** Begins a package. */
export function packageExporter(config: core.ExportConfig = {}): PackageExporter {
  const exporter = core.packageExporter(config);
  return Object.assign(exporter, {
    exportToFile: async (path: string, options: SaveOptions = {}) =>
      exporter.exportTo(await toFile(path, options), withPlatform(options)),
  });
}
