import { defaultLimits, type FileTree, fromBytes, fromFiles, toBytes, webPlatform } from '@torsh/bytes';
import {
  openPackage,
  PackageExporter,
  type PackageExporterOptions,
  type PackageImporter,
  sourceRoots,
} from '../../src/index.ts';

/** Sources as a folder. */
export function folder(files: Readonly<Record<string, string>>): FileTree {
  const encoder = new TextEncoder();
  return fromFiles(
    new Map(Object.entries(files).map(([path, text]) => [path, fromBytes(encoder.encode(text))])),
  );
}

/** An exporter of these sources, and the place that it writes to. */
export function exporterOf(
  sources: Readonly<Record<string, string>> = {},
  { importers = [], ...options }: Partial<PackageExporterOptions> = {},
) {
  const sink = toBytes();
  const roots = sourceRoots([folder(sources)], defaultLimits);
  const exporter = new PackageExporter(sink, {
    platform: webPlatform,
    importers: [...importers, roots],
    ...options,
  });
  const reopen = (): Promise<PackageImporter> =>
    openPackage(fromBytes(sink.bytes()), { platform: webPlatform });
  /** Closes the exporter and opens what it wrote. */
  const finish = async (): Promise<PackageImporter> => {
    await exporter.close();
    return reopen();
  };
  return { exporter, sink, finish };
}

/** A record as text. */
export async function textOf(importer: PackageImporter, path: string): Promise<string> {
  const record = importer.record(path)!;
  return new TextDecoder().decode(await record.read(0, record.size));
}
