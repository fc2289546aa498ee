import { portablePathFlaw } from '@torsh/bytes';

/** What records are called as resources. */
export interface ResourcePaths {
  /** The path of the resource that a record becomes. */
  of(record: string): string;
  /** Paths that are not the names of their records. */
  readonly changed: Readonly<Record<string, string>>;
}

/** The longest name that a file of most systems can have. */
const LONGEST = 200;

/**
 * Packages have names that not every system has: with a colon, with a dot at the end, or both a file and a folder of one
 * name. Those get another, and what they were called is remembered.
 */
export function resourcePaths(records: readonly string[]): ResourcePaths {
  const folders = new Set<string>();
  const taken = new Set<string>();
  for (const record of records) {
    taken.add(record.toLowerCase());
    for (let at = record.indexOf('/'); at >= 0; at = record.indexOf('/', at + 1))
      folders.add(record.slice(0, at).toLowerCase());
  }
  const next = new Map<string, number>();
  const changed: { [path: string]: string } = Object.create(null);
  return {
    changed,
    of(record) {
      if (isPortable(record) && !folders.has(record.toLowerCase())) return record;
      const spelled = record.split('/').map(portable).join('/');
      let path = spelled === record ? `${record}~file` : spelled;
      // Long names are cut, so that many can be one.
      for (
        let count = next.get(spelled) ?? 2;
        taken.has(path.toLowerCase()) || folders.has(path.toLowerCase());
        count++
      ) {
        path = `${spelled}~${count}`;
        next.set(spelled, count + 1);
      }
      taken.add(path.toLowerCase());
      changed[path] = record;
      return path;
    },
  };
}

function isPortable(path: string): boolean {
  return portablePathFlaw(path) === undefined && path.split('/').every(({ length }) => length <= LONGEST);
}

/** One name of a path, with `%` and the UTF-8 bytes in place of all but letters, digits and a few signs. */
function portable(name: string): string {
  if (isPortable(name)) return name;
  const spelled = Array.from(name, (character, index) => {
    const keep = /[A-Za-z0-9_-]/.test(character) && index > 0;
    return keep || (character === '.' && index > 0 && index < name.length - 1)
      ? character
      : escaped(character);
  }).join('');
  return spelled.slice(0, LONGEST);
}

function escaped(character: string): string {
  const hex = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return Array.from(new TextEncoder().encode(character), hex).join('');
}
