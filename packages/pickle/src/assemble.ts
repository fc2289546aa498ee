import { defaultLimits, type Limits } from '@torsh/bytes';
import { save } from './assemble/save.ts';
import { Writer } from './assemble/writer.ts';
import type { PickleValue, PyPersistent } from './value.ts';

/** How a pickle is written. */
export interface AssembleOptions {
  /** 2 is what PyTorch writes, and what every Python since 2.3 reads. */
  readonly protocol?: 0 | 1 | 2 | 3 | 4 | 5;
  /** `pickleBytes` and `depth` hold for what is written as well. */
  readonly limits?: Limits;
  /**
   * False: a name inside a class is fetched by `getattr` in every protocol, for readers that do not follow dots, as torch.package's
   * is one. Otherwise protocol 4 writes it as it is.
   */
  readonly dottedNames?: boolean;
  /**
   * Asked for the id of a persistent value each time one is written, in the order of the pickle, as Python's pickler asks:
   * what it gives is written, and the value never goes into the memo. Where absent, a value has the id that it has.
   * `ownText` makes a text that is an object of its own: where Python's writer makes a new text, it does not look whether
   * there is an equal one.
   */
  persistentId?(value: PyPersistent, ownText: (text: string) => PickleValue): PickleValue;
}

/**
 * Writes a value as a pickle that Python reads. What is shared in the value is shared in Python; cycles are written as
 * Python's own pickler writes them: containers are put into the memo before they are filled, and a tuple that turns
 * out to be in its own items is thrown away and fetched.
 */
export function assemble(value: PickleValue, options: AssembleOptions = {}): Uint8Array {
  const { protocol = 2, limits = defaultLimits, dottedNames = true } = options;
  const writer = new Writer(protocol, limits, { persistentId: options.persistentId, dottedNames });
  const { out, agenda } = writer;
  if (protocol >= 2) {
    out.u8(0x80);
    out.u8(protocol);
  }
  agenda.next(value);
  while (!agenda.done) {
    const next = agenda.take();
    if (typeof next === 'function') next();
    else save(writer, next);
  }
  out.u8(0x2e);
  return out.done();
}
