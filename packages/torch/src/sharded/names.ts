/** How the files of a checkpoint in shards are named on the hub, where loaders look for them. */
export const STEM = 'pytorch_model';
export const SUFFIX = '.bin';

/** The end of the name of an index of shards: `pytorch_model.bin.index.json`, or with a variant before the last ending. */
const INDEX = /\.bin\.index(\.[A-Za-z0-9_-]+)?\.json$/;

/** A model that needs no shards: `pytorch_model.bin`, `diffusion_pytorch_model.bin`, or with a variant before the ending. */
const WHOLE = /^([A-Za-z0-9_]+_)?pytorch_model(\.[A-Za-z0-9_]+)?\.bin$/;

/** True for the name of an index of shards that torch.save wrote. */
export function isIndexName(path: string): boolean {
  return INDEX.test(path);
}

/** True for the name of a model that is in one file, where others would be in shards. */
export function isWholeName(path: string): boolean {
  return WHOLE.test(path);
}

/** The folder of a path with its slash, empty for a file at the top. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
