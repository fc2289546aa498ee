import { defaultLimits, TorshError } from '@torsh/bytes';
import { bitsOf, bytesOf, PHYSICAL, type PhysicalDType } from '../dtype.ts';
import { type HeaderTensor, METADATA_KEY } from './header.ts';
import { nameOrder } from './order.ts';

/** What a header says of a tensor before it has a place. */
export interface TensorInfo {
  readonly name: string;
  readonly dtype: PhysicalDType;
  readonly shape: readonly number[];
}

/** The first bytes of a safetensors file, and where its tensors go. */
export interface FormattedHeader<T extends TensorInfo> {
  /** The length of the JSON in eight bytes, the JSON, and spaces up to a multiple of eight. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** In the order in which their data follows. */
  readonly tensors: readonly (HeaderTensor & { readonly source: T })[];
  readonly dataBytes: number;
}

const ranks: ReadonlyMap<PhysicalDType, number> = new Map(PHYSICAL.map((dtype, index) => [dtype, index]));

/**
 * The header that the reference library writes for these tensors, byte for byte. Empty metadata is left out
 * (the reference writes an empty object where it is given one); several keys, which the reference writes in random
 * order, are sorted.
 */
export function formatHeader<T extends TensorInfo>(
  tensors: Iterable<T>,
  metadata: { readonly [key: string]: string } = {},
): FormattedHeader<T> {
  const all = [...tensors];
  const byName = nameOrder(all.map(({ name }) => name));
  all.sort((a, b) => ranks.get(b.dtype)! - ranks.get(a.dtype)! || byName(a.name, b.name));
  const pieces = formatMetadata(metadata);
  const placed: (HeaderTensor & { source: T })[] = [];
  const seen = new Set<string>();
  let end = 0;
  for (const source of all) {
    const { name, dtype, shape } = source;
    if (seen.has(name)) throw new TypeError(`two tensors have the name ${JSON.stringify(name)}`);
    seen.add(name);
    const flaw = tensorFlaw(source);
    if (flaw !== undefined)
      throw new TorshError('unsupported', `The tensor ${JSON.stringify(name)} ${flaw}.`);
    const begin = end;
    end += bytesOf(dtype, shape);
    placed.push({ name, dtype, shape, begin, end, source });
    pieces.push(
      `${JSON.stringify(name)}:{"dtype":"${dtype}","shape":[${shape}],"data_offsets":[${begin},${end}]}`,
    );
  }
  return { bytes: pad(`{${pieces.join(',')}}`), tensors: placed, dataBytes: end };
}

/** Why a safetensors file cannot hold a tensor; `undefined` where it can. */
export function tensorFlaw({ name, dtype, shape }: TensorInfo): string | undefined {
  if (name === METADATA_KEY) return 'has the name under which safetensors keeps its metadata';
  if (/\p{Surrogate}/u.test(name))
    return 'has half of a surrogate pair in its name, which is not a character';
  let bits = bitsOf(dtype);
  for (const length of shape) {
    bits *= length;
    if (bits > Number.MAX_SAFE_INTEGER) return `is too large: ${dtype} [${shape}]`;
  }
  if (bits % 8 !== 0) return `has ${bits} bits (${dtype} [${shape}]), which is not a whole number of bytes`;
  return undefined;
}

function formatMetadata(metadata: { readonly [key: string]: string }): string[] {
  const keys = Object.keys(metadata);
  if (keys.length === 0) return [];
  const pairs = keys.sort(nameOrder(keys)).map((key) => {
    if (/\p{Surrogate}/u.test(key + metadata[key])) {
      throw new TorshError(
        'unsupported',
        `The metadata ${JSON.stringify(key)} has half of a surrogate pair, which is not a character.`,
      );
    }
    return `${JSON.stringify(key)}:${JSON.stringify(metadata[key])}`;
  });
  return [`"${METADATA_KEY}":{${pairs.join(',')}}`];
}

function pad(json: string): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.length / 8) * 8;
  // The largest header that the reference library reads or writes.
  if (length > defaultLimits.headerBytes) {
    throw new TorshError(
      'limit',
      `The header would have ${length} bytes; safetensors allows ${defaultLimits.headerBytes}.`,
    );
  }
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  return bytes;
}
