import type { Limits } from '@torsh/bytes';

/** What the object of a file is read with. */
export interface Reading {
  readonly limits: Limits;
  /** The place of a storage in the file, by its key: what an error names. */
  record(key: string): string;
}
