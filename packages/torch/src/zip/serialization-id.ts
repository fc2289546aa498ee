const MASK = (1n << 64n) - 1n;
/** Murmur's constants, as libstdc++ has them for `std::hash<std::string>`. */
const MULTIPLIER = 0xc6a4a7935bd1e995n;
const SEED = 0xc70f6907n;

/**
 * The text of `.data/serialization_id`: one number from the names of the records, one from their check sums. torch takes the
 * names in the order of a C++ hash table, so that table is played through here: the same records give the id that torch
 * gives them on Linux.
 */
export function serializationId(
  records: readonly { readonly name: string; readonly crc32: number; readonly size: number }[],
): string {
  const encoder = new TextEncoder();
  const hashes = hashOrder(records.map(({ name }) => hashOf(encoder.encode(name))));
  const sums = records.filter(({ size }) => size > 0).map(({ crc32 }) => BigInt(crc32));
  return [hashes, sums].map((values) => String(values.reduce(mix, 0n)).padStart(20, '0')).join('');
}

/** `boost::hash_combine`. */
function mix(seed: bigint, value: bigint): bigint {
  return seed ^ ((value + 0x9e3779b9n + ((seed << 6n) & MASK) + (seed >> 2n)) & MASK);
}

const fold = (value: bigint): bigint => value ^ (value >> 47n);
const times = (a: bigint, b: bigint): bigint => (a * b) & MASK;

/** libstdc++'s hash of a text. */
function hashOf(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let hash = SEED ^ times(BigInt(bytes.length), MULTIPLIER);
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    const word = times(fold(times(view.getBigUint64(at, true), MULTIPLIER)), MULTIPLIER);
    hash = times(hash ^ word, MULTIPLIER);
  }
  if (at < bytes.length) {
    let tail = 0n;
    for (let index = bytes.length - 1; index >= at; index--) tail = (tail << 8n) | BigInt(bytes[index]!);
    hash = times(hash ^ tail, MULTIPLIER);
  }
  return fold(times(fold(hash), MULTIPLIER));
}

/** A node of the table's one list. */
interface Node {
  readonly hash: bigint;
  next: Node | undefined;
}

/** The order in which `std::unordered_set` gives back what was put in: it keeps one list, and its buckets point into it. */
function hashOrder(hashes: readonly bigint[]): bigint[] {
  const head: Node = { hash: 0n, next: undefined };
  // For each bucket the node before its first one.
  let buckets = new Map<number, Node>();
  let count = 13;
  const bucketOf = ({ hash }: Node): number => Number(hash % BigInt(count));
  const insert = (node: Node): void => {
    const bucket = bucketOf(node);
    const before = buckets.get(bucket);
    if (before !== undefined) {
      node.next = before.next;
      before.next = node;
      return;
    }
    node.next = head.next;
    head.next = node;
    if (node.next !== undefined) buckets.set(bucketOf(node.next), node);
    buckets.set(bucket, head);
  };
  hashes.forEach((hash, index) => {
    if (index + 1 > count) {
      count = BUCKETS.find((size) => size > count) ?? count * 2 + 1;
      buckets = new Map();
      let node = head.next;
      head.next = undefined;
      while (node !== undefined) {
        const { next } = node;
        insert(node);
        node = next;
      }
    }
    insert({ hash, next: undefined });
  });
  const order: bigint[] = [];
  for (let node = head.next; node !== undefined; node = node.next) order.push(node.hash);
  return order;
}

/** How many buckets the table has as it grows: libstdc++'s primes. */
const BUCKETS = [
  13, 29, 59, 127, 257, 541, 1109, 2357, 5087, 10273, 20753, 42043, 85229, 172933, 351061, 712697, 1447153,
];
