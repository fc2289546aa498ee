/** How the files of a safetensors model are named on the hub. */
export const SUFFIX = '.safetensors';

/** The end of the name of an index of shards: `model.safetensors.index.json`, `diffusion_pytorch_model.safetensors.index.json`. */
export const INDEX_SUFFIX = '.safetensors.index.json';

const SHARD = /[_-]\d{5,6}-of-(\d{5,6})\.safetensors$/;

/** Of how many shards a file is one, by its name; `undefined` for a whole model. */
export function shardCount(path: string): number | undefined {
  const count = SHARD.exec(path)?.[1];
  return count === undefined || Number(count) < 2 ? undefined : Number(count);
}

/** A path without the suffix of safetensors files. */
export function stemOf(path: string): string {
  return path.endsWith(SUFFIX) ? path.slice(0, -SUFFIX.length) : path;
}

/** The folder of a path with its slash, empty for a file at the top. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
