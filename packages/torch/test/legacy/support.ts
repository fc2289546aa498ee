import { type ByteSource, concat, fromBytes, type Limits } from '@torsh/bytes';
import { assemble, type PickleValue, type PyPersistent } from '@torsh/pickle';
import { torchLegacy } from '../../src/index.ts';
import { dict, global, list, openAndRead as openAs, refusal, tuple } from '../support.ts';

/** The number that begins the file, its protocol, and the machine. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
export const SYSTEM = dict(
  ['protocol_version', 1001],
  ['little_endian', true],
  ['type_sizes', dict(['short', 2], ['int', 4], ['long', 4])],
);

/** What stands behind the object: a count, and bytes that need not fit it. */
export interface Laid {
  readonly key: PickleValue;
  readonly count: number | bigint;
  readonly bytes: Uint8Array;
}

export interface StreamParts {
  readonly magic: PickleValue;
  readonly version: PickleValue;
  readonly system: PickleValue;
  readonly object: Uint8Array;
  readonly keys: PickleValue;
  readonly laid: readonly Laid[];
  readonly behind: Uint8Array;
  readonly protocol: 0 | 1 | 2 | 3 | 4 | 5;
}

/** Four floats under the key 0. */
export const FOUR: readonly Laid[] = [{ key: '0', count: 4, bytes: new Uint8Array(16) }];

/** A file of the old torch.save; what is not said is as torch writes it. `at` is where each part begins. */
export function stream(
  top: PickleValue,
  laid: readonly Laid[] = FOUR,
  parts: Partial<StreamParts> = {},
): { bytes: Uint8Array; at: readonly number[] } {
  const { protocol = 2, magic = MAGIC, version = 1001, system = SYSTEM, behind = new Uint8Array(0) } = parts;
  const keys = parts.keys ?? list(...laid.map(({ key }) => key));
  const pickled = (value: PickleValue) => assemble(value, { protocol });
  const pieces = [
    pickled(magic),
    pickled(version),
    pickled(system),
    parts.object ?? pickled(top),
    pickled(keys),
    ...laid.flatMap(({ count, bytes }) => [int64(count), bytes]),
    behind,
  ];
  const at: number[] = [];
  let position = 0;
  for (const { length } of pieces) {
    at.push(position);
    position += length;
  }
  const bytes = new Uint8Array(position);
  pieces.forEach((piece, index) => void bytes.set(piece, at[index]!));
  return { bytes, at };
}

/** Where the parts lie in `at`. */
export const OBJECT = 3;
export const KEYS = 4;
export const countOf = (index: number): number => KEYS + 1 + 2 * index;

export function int64(value: number | bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true);
  return bytes;
}

/** The persistent id of six items; four floats under the key 0, and no stretch, unless told otherwise. */
export function storage({
  type = 'FloatStorage',
  key = '0',
  numel = 4,
  stretch = null,
}: Partial<{ type: string; key: PickleValue; numel: PickleValue; stretch: PickleValue }> = {}): PyPersistent {
  return { kind: 'persistent', id: tuple('storage', global('torch', type), key, 'cpu', numel, stretch) };
}

export const open = (bytes: Uint8Array, limits: Partial<Limits> = {}) => openAs(bytes, limits, torchLegacy());

/** `code path@offset` of the error. */
export async function refused(bytes: Uint8Array, limits: Partial<Limits> = {}): Promise<string> {
  const { code, path, offset } = await refusal(bytes, limits, torchLegacy());
  return `${code} ${path}${offset === undefined ? '' : `@${offset}`}`;
}

/** A source that knows how often, and how much of it, was read. */
export function counted(...parts: readonly (Uint8Array | ByteSource)[]): {
  source: ByteSource;
  reads: () => number;
  read: () => number;
} {
  const whole = concat(parts.map((part) => (part instanceof Uint8Array ? fromBytes(part) : part)));
  let [reads, read] = [0, 0];
  const source: ByteSource = {
    size: whole.size,
    read(offset, length, options) {
      reads++;
      read += length;
      return whole.read(offset, length, options);
    },
  };
  return { source, reads: () => reads, read: () => read };
}
