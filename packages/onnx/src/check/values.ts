import { BLOCK, type ByteSource } from '@torsh/bytes';
import type { Payload } from '../schema/message.ts';
import type { ValueField } from './storage.ts';

const WIDTHS: { readonly [field in ValueField]?: number } = { float_data: 4, double_data: 8 };

/** How many bytes `raw_data` has; of several, the last counts. */
export function rawLength(payloads: readonly Payload[]): number {
  return payloads.at(-1)?.length ?? 0;
}

/** How many values a field holds. Numbers of unequal length must be read to be counted. */
export async function countValues(
  field: ValueField,
  payloads: readonly Payload[],
  source: ByteSource,
  signal: AbortSignal | undefined,
): Promise<number> {
  let values = 0;
  for (const payload of payloads) {
    const width = WIDTHS[field];
    if (!payload.packed) values += payload.count;
    else if (width !== undefined) values += payload.length / width;
    else for await (const bytes of blocksOf(payload, source, signal)) values += ends(bytes);
  }
  return values;
}

/** How many varints end within these bytes. */
function ends(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte < 0x80) count++;
  return count;
}

/**
 * The 64-bit integers of a field, in blocks. Those beyond 2^53 are not exact, but still beyond it and of their sign, which
 * is all that a comparison with dimensions needs.
 */
export async function* integersOf(
  field: ValueField,
  payloads: readonly Payload[],
  source: ByteSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly number[]> {
  for (const payload of field === 'raw_data' ? payloads.slice(-1) : payloads) {
    const decode = field === 'raw_data' ? fixed : varints(payload.packed);
    for await (const bytes of blocksOf(payload, source, signal)) yield decode(bytes);
  }
}

function fixed(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, index) => {
    const at = index * 8;
    return view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
  });
}

/** Decodes varints that may begin in one block and end in the next; where each has its own tag, every second is one. */
function varints(packed: boolean): (bytes: Uint8Array) => number[] {
  let [value, scale, isTag] = [0, 1, !packed];
  return (bytes) => {
    const found: number[] = [];
    for (const byte of bytes) {
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte >= 0x80) continue;
      // Near 2^64 the sum is rounded, but it must not become 0.
      if (!isTag) found.push(value >= 2 ** 63 ? Math.min(value - 2 ** 64, -1) : value);
      [value, scale, isTag] = [0, 1, packed ? false : !isTag];
    }
    return found;
  };
}

/** All blocks but the last have the same length, which is a multiple of eight. What is yielded lasts until the next one. */
async function* blocksOf(
  { offset, length }: Payload,
  source: ByteSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; at += BLOCK) {
    yield await source.read(offset + at, Math.min(BLOCK, length - at), { signal });
  }
}
