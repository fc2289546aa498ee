import { type VersionNames, versions } from './names.ts';

/** Python 3.14 was not asked: this is what its published list has that 3.13 has not. */
const python314: VersionNames = {
  minor: 14,
  added:
    '_apple_support _ast_unparse _hmac _py_warnings _remote_debugging _types _zstd annotationlib compression compression._common compression._common._streams compression.bz2 compression.gzip compression.lzma compression.zlib compression.zstd concurrent.interpreters string.templatelib',
  dropped: '_compression',
};

/** What cannot be imported on Linux, where nearly all packages are made. */
const ELSEWHERE =
  '_msi _overlapped _scproxy _winapi _wmi asyncio.windows_events asyncio.windows_utils encodings.mbcs encodings.oem msilib msvcrt multiprocessing.popen_spawn_win32 nt winreg winsound';

/** The standard library of one version of Python. */
export interface StandardLibrary {
  /** As `3.11`. */
  readonly version: string;
  /** The names at the top, as `sys.stdlib_module_names` has them. */
  readonly names: ReadonlySet<string>;
  /** The modules, those within packages with their dots, that can be imported on Linux. */
  readonly modules: ReadonlySet<string>;
}

/**
 * The standard library of a version such as `3.11` or `3.11.7`. Versions before 3.8 have that of 3.8 here, and those
 * after 3.14 that of 3.14. The lists of 3.8 to 3.13 come from these Pythons themselves.
 */
export function standardLibrary(version: string): StandardLibrary {
  const match = /^3\.([0-9]{1,3})(?![0-9])/.exec(version);
  if (match === null)
    throw new TypeError(`${JSON.stringify(version)} is not a version of Python 3, such as 3.11`);
  const wanted = Math.min(Math.max(Number(match[1]), 8), 14);
  const modules = new Set<string>();
  for (const { minor, added, dropped } of [...versions, python314]) {
    if (minor > wanted) break;
    for (const name of words(added)) modules.add(name);
    for (const name of words(dropped)) modules.delete(name);
  }
  const names = new Set([...modules].filter((name) => !name.includes('.')));
  for (const name of words(ELSEWHERE)) modules.delete(name);
  return { version: `3.${wanted}`, names, modules };
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
