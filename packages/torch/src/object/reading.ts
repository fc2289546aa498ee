import type { Limits } from '@torsh/bytes';
import type { PickleValue, PyObject, PyPersistent } from '@torsh/pickle';

/** What the object of a file is read with. */
export interface Reading {
  readonly limits: Limits;
  /** Whether numpy arrays become tensors. */
  readonly arrays?: boolean | undefined;
  /** Storages whose bytes came inside of the pickle, by their key. */
  readonly embedded?: ReadonlyMap<string, Uint8Array> | undefined;
  /** The place of a storage in the file, by its key: what an error names. */
  record(key: string): string;
  /** The tensors that the object speaks of by number, where the format keeps them beside it. */
  readonly table?: readonly PickleValue[] | undefined;
  /** The call that a persistent id stands for, where it speaks of no storage: only torch.package has such ids. */
  readonly standsFor?: ((value: PyPersistent) => PyObject | undefined) | undefined;
  /** True where one storage may be asked for as several types, as long as its bytes stay the same. */
  readonly retyped?: boolean | undefined;
}
