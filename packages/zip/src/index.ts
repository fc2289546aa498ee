export { checkCanonical } from './canonical.ts';
export type { Directory, DirectoryOptions, Strictness, ZipEntry, ZipNote } from './directory.ts';
export { readDirectory } from './directory.ts';
export type { DirectoryPlace } from './end.ts';
export type { EntryOptions } from './entry.ts';
export type { ZipTree } from './read.ts';
export { openZip } from './read.ts';
export type { ZipSinkOptions } from './write.ts';
export { zipSink } from './write.ts';
