import type { PyObject } from '@torsh/pickle';
import { call, global, tuple } from './call.ts';
import type { ArrayForm } from './ndarray.ts';

/** A numpy array that is to be made. */
export interface ArrayCall extends ArrayForm {
  readonly shape: readonly number[];
  /** Its elements, in its own order. */
  readonly content: Uint8Array;
}

const LETTER_B = 0x62;

/** The calls that numpy pickles an array as, by the names that every version of numpy knows. */
export function arrayCall({ dtype, fortran, className, buffer, shape, content }: ArrayCall): PyObject {
  const type = dtypeCall(dtype);
  const size = tuple(...shape);
  // The other call copies: what cannot be written to could be then, and numbers would be in the order of the machine.
  if (buffer !== undefined) {
    const lent = buffer === 'bytes' ? content : ({ kind: 'bytearray', bytes: content } as const);
    return call(global('numpy.core.numeric', '_frombuffer'), tuple(lent, type, size, fortran ? 'F' : 'C'));
  }
  const [module, name] = className ?? ['numpy', 'ndarray'];
  const made = call(
    global('numpy.core.multiarray', '_reconstruct'),
    tuple(global(module, name), tuple(0), Uint8Array.of(LETTER_B)),
  );
  made.states.push(tuple(1, size, type, fortran, content));
  return made;
}

/** `<f8` as `numpy.dtype('f8', False, True)` with its byte order; a name is one of the package ml_dtypes. */
function dtypeCall(text: string): PyObject {
  const [, order, kind] = /^([<>|])(.+)$/.exec(text) ?? [];
  const type = kind ?? global('ml_dtypes', text);
  const made = call(global('numpy', 'dtype'), tuple(type, false, true));
  made.states.push(tuple(3, order ?? '<', null, null, null, -1, -1, 0));
  return made;
}
