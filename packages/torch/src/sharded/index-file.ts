/** The end of the name of an index of shards: `pytorch_model.bin.index.json`, or with a variant before the last ending. */
const INDEX = /\.bin\.index(\.[A-Za-z0-9_-]+)?\.json$/;

/** True for the name of an index of shards that torch.save wrote. */
export function isIndexName(path: string): boolean {
  return INDEX.test(path);
}

/** The folder of a path with its slash, empty for a file at the top. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
