import type { Records } from '../zip/container.ts';

/** Folders that hold tensors, in files of some age or of some kind. */
const TABLES = ['data', 'constants', 'tensors', 'bytecode'];

/**
 * Where the storage of a pickle lies: in the folder that is called like the pickle, as a rule. Mobile files share the
 * storages of their pickles in one of these folders (`constants/7.storage`). Before torch 1.3 a key was the whole name of a
 * record, and there is no such folder (`''`).
 */
export function recordOf(container: Records, table: string): (key: string) => string {
  return (key) => {
    const usual = table === '' ? key : `${table}/${key}`;
    if (container.has(usual)) return usual;
    return TABLES.map((other) => `${other}/${key}`).find((path) => container.has(path)) ?? usual;
  };
}
