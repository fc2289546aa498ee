import { TorshError } from '@torsh/bytes';
import { bitsOf } from '../dtype.ts';
import type { HeaderTensor } from './header.ts';

/** A tensor with the place of its entry in the header's text. */
interface Placed {
  readonly tensor: HeaderTensor;
  readonly at: number;
}

/**
 * The tensors in the order of their bytes, which must lie end to end from 0 to `dataBytes` and be as long as their
 * shapes say. `dataStart` is where the data begins in the file.
 */
export function checkLayout(
  placed: Placed[],
  dataBytes: number,
  dataStart: number,
  fail: (message: string, at: number) => never,
): HeaderTensor[] {
  placed.sort((a, b) => a.tensor.begin - b.tensor.begin || a.tensor.end - b.tensor.end);
  let start = 0;
  for (const { tensor, at } of placed) {
    const flaw = placeFlaw(tensor, start) ?? sizeFlaw(tensor);
    if (flaw !== undefined) fail(`The tensor ${JSON.stringify(tensor.name)} ${flaw}.`, at);
    start = tensor.end;
  }
  if (start > dataBytes) {
    throw new TorshError(
      'truncated',
      `The file is cut off: ${start - dataBytes} bytes are missing. The tensors take ${start} bytes and ${dataBytes} are there. Fetch the file again.`,
      { offset: dataStart + dataBytes },
    );
  }
  if (start < dataBytes) {
    throw new TorshError(
      'malformed',
      `${dataBytes - start} bytes follow the last tensor and belong to nothing.`,
      {
        offset: dataStart + start,
      },
    );
  }
  return placed.map(({ tensor }) => tensor);
}

function placeFlaw({ begin, end }: HeaderTensor, start: number): string | undefined {
  if (begin > start)
    return `begins at byte ${begin} of the data, so that ${begin - start} bytes before it belong to nothing`;
  if (begin < start)
    return `begins at byte ${begin} of the data, inside another tensor that ends at byte ${start}`;
  if (end < begin) return `ends at byte ${end} of the data, before it begins at byte ${begin}`;
  return undefined;
}

const U64_MAX = 2n ** 64n - 1n;

function sizeFlaw(tensor: HeaderTensor): string | undefined {
  const { dtype, shape, begin, end } = tensor;
  let bits = bitsOf(dtype);
  for (const length of shape) {
    bits *= length;
    if (bits > Number.MAX_SAFE_INTEGER) return hugeFlaw(tensor);
  }
  if (bits % 8 !== 0) return `has ${bits} bits (${dtype} [${shape}]), which is not a whole number of bytes`;
  if (bits / 8 !== end - begin) return `has ${end - begin} bytes, but ${dtype} [${shape}] needs ${bits / 8}`;
  return undefined;
}

/** The same for sizes above 2^53, by the rules of the reference: 64 bits, multiplied from left to right. */
function hugeFlaw({ dtype, shape, begin, end }: HeaderTensor): string | undefined {
  let elements = 1n;
  for (const length of shape) {
    elements *= BigInt(length);
    if (elements > U64_MAX) return `has more than 2^64 elements (${dtype} [${shape}])`;
  }
  const bits = elements * BigInt(bitsOf(dtype));
  if (bits > U64_MAX) return `has more than 2^64 bits (${dtype} [${shape}])`;
  if (bits !== BigInt(end - begin) * 8n)
    return `has ${end - begin} bytes, but ${dtype} [${shape}] needs ${bits / 8n}`;
  return undefined;
}
