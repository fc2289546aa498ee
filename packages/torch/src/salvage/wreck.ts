import type { ByteSource } from '@torsh/bytes';
import type { Pickle } from '@torsh/pickle';
import type { ObjectFile } from '../open-object.ts';
import type { LostStorage } from './lost.ts';

/** What is left of a file: its object, and which of the storages that it speaks of can be used. */
export interface Wreck {
  readonly kind: 'torch.save' | 'torch.save legacy';
  readonly pickle: Pickle;
  /** Where the pickle lies, for errors and notes. */
  readonly path: string;
  record(key: string): string;
  /** The storages that are whole, by their place in the file. */
  readonly sources: ReadonlyMap<string, ByteSource>;
  readonly lost: ReadonlyMap<string, LostStorage>;
  readonly bigEndian: ObjectFile['bigEndian'];
  /** What the file says of it, where it has a record for that. */
  readonly byteorder?: 'little' | 'big' | undefined;
  /** Says that the end of the file is missing, where it is. */
  readonly cutOff?: string | undefined;
}
