export type { PackageExporter } from './exporter.ts';
export { packageExporter } from './exporter.ts';
export type { OpenPackage } from './load.ts';
export { inspectPackage, loadPackage } from './load.ts';
export type { Options, SaveOptions } from './options.ts';
export type { Place } from './place.ts';
export type { PackageUpdater } from './updater.ts';
export { packageUpdater } from './updater.ts';
