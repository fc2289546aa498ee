/** The folder of all records: the file's name up to its last dot; `archive` where torch writes through a stream. */
export function folderFor(name: string): string {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const dot = base.lastIndexOf('.');
  const stem = dot < 0 ? base : base.slice(0, dot);
  return /^[\x20-\x7e]+$/.test(stem) && !/^\.+$/.test(stem) ? stem : 'archive';
}
