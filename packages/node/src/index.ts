export { digestInParallel } from './digest-in-parallel.ts';
export { toFile, toSingleFile } from './file-sink.ts';
export type { OpenFile } from './file-source.ts';
export { openFile } from './file-source.ts';
export type { FileInFolder, Folder } from './folder.ts';
export { fromFile, fromFolder } from './folder.ts';
export { toFolder } from './folder-sink.ts';
export { nodePlatform } from './platform.ts';
export type { OutputOptions } from './temporary.ts';
