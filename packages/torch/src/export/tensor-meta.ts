import type { ElementType } from '../object/storage-types.ts';
import { STRIDED, typeOfCode } from './codes.ts';
import { boolean, fields, type Parsing, required } from './fields.ts';

/** What a config says of a tensor besides the file with its bytes. Counts are in elements. */
export interface TensorMeta {
  readonly type: ElementType;
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
  readonly requiresGrad: boolean;
  /** As torch writes it: `cpu`, `cuda:0`. */
  readonly device: string;
}

/** Reads a `tensor_meta` object. */
export function parseTensorMeta(parsing: Parsing): TensorMeta {
  const { scanner } = parsing;
  const start = scanner.position();
  let type: ElementType | undefined;
  let size: readonly number[] | undefined;
  let stride: readonly number[] | undefined;
  let offset: number | undefined;
  let requiresGrad = false;
  let device = 'cpu';
  fields(parsing, 'A tensor_meta', {
    dtype: (at) => {
      const code = scanner.integer();
      type =
        typeOfCode(code) ??
        scanner.fail(`A tensor has the type number ${code}, which torsh does not know.`, at, 'unsupported');
    },
    sizes: () => (size = symbols(parsing, 'sizes')),
    strides: () => (stride = symbols(parsing, 'strides')),
    storage_offset: () => (offset = symbol(parsing)),
    requires_grad: () => (requiresGrad = boolean(parsing)),
    device: () => (device = parseDevice(parsing)),
    layout: (at) => {
      const code = scanner.integer();
      if (code !== STRIDED) {
        const message = `A tensor has the layout number ${code}; torch.export writes no bytes of any but ${STRIDED}, which is strided.`;
        scanner.fail(message, at, 'unsupported');
      }
    },
  });
  return {
    type: required(parsing, start, 'A tensor_meta', { dtype: type }),
    size: required(parsing, start, 'A tensor_meta', { sizes: size }),
    stride: required(parsing, start, 'A tensor_meta', { strides: stride }),
    offset: required(parsing, start, 'A tensor_meta', { storage_offset: offset }),
    requiresGrad,
    device,
  };
}

function symbols(parsing: Parsing, what: string): number[] {
  const { scanner } = parsing;
  const { dimensions } = parsing.limits;
  const values: number[] = [];
  scanner.array((index) => {
    if (index >= dimensions) {
      const message = `A tensor has more than ${dimensions} ${what} (limit dimensions).`;
      scanner.fail(message, scanner.position(), 'limit');
    }
    values.push(symbol(parsing));
  });
  return values;
}

/** `{"as_int": 3}`: what has bytes has no symbols in its shape. */
function symbol(parsing: Parsing): number {
  const { scanner } = parsing;
  const start = scanner.position();
  let value: number | undefined;
  fields(parsing, 'A number', { as_int: () => (value = scanner.integer()) });
  return required(parsing, start, 'A number', { as_int: value });
}

function parseDevice(parsing: Parsing): string {
  const { scanner } = parsing;
  const start = scanner.position();
  let type: string | undefined;
  let index: number | undefined;
  fields(parsing, 'A device', {
    type: () => (type = scanner.string()),
    index: () => (index = scanner.next() === 0x6e ? void scanner.skip() : scanner.integer()),
  });
  const name = required(parsing, start, 'A device', { type });
  return index === undefined ? name : `${name}:${index}`;
}
