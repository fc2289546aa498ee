import { dtypes, type ElementType } from '../object/storage-types.ts';

/** Element types by the numbers of torch.export's schema, which are not those of TorchScript. */
const types: ReadonlyMap<number, string> = new Map([
  [1, 'uint8'],
  [2, 'int8'],
  [3, 'int16'],
  [4, 'int32'],
  [5, 'int64'],
  [6, 'float16'],
  [7, 'float32'],
  [8, 'float64'],
  [9, 'complex32'],
  [10, 'complex64'],
  [11, 'complex128'],
  [12, 'bool'],
  [13, 'bfloat16'],
  [28, 'uint16'],
  [29, 'float8_e4m3fn'],
  [30, 'float8_e5m2'],
  [31, 'float8_e4m3fnuz'],
  [32, 'float8_e5m2fnuz'],
  [33, 'float8_e8m0fnu'],
  [34, 'uint32'],
  [35, 'uint64'],
]);

/** The element type of a number of the schema. */
export function typeOfCode(code: number): ElementType | undefined {
  return dtypes.get(types.get(code) ?? '');
}

/** The one layout that torch.export writes raw bytes of. */
export const STRIDED = 7;
