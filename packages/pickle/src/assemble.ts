import { defaultLimits, type Limits } from '@torsh/bytes';
import { save } from './assemble/save.ts';
import { Writer } from './assemble/writer.ts';
import type { PickleValue } from './value.ts';

/** How a pickle is written. */
export interface AssembleOptions {
  /** 2 is what PyTorch writes, and what every Python since 2.3 reads. */
  readonly protocol?: 0 | 1 | 2 | 3 | 4 | 5;
  /** `pickleBytes` and `depth` hold for what is written as well. */
  readonly limits?: Limits;
}

/**
 * Writes a value as a pickle that Python reads. What is shared in the value is shared in Python; cycles are written as
 * Python's own pickler writes them: containers are put into the memo before they are filled, and a tuple that turns
 * out to be in its own items is thrown away and fetched.
 */
export function assemble(value: PickleValue, options: AssembleOptions = {}): Uint8Array {
  const { protocol = 2, limits = defaultLimits } = options;
  const writer = new Writer(protocol, limits);
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
