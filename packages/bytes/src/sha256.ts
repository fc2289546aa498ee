import type { Hasher } from './platform.ts';

/** The first 32 bits of the fractional parts of the square (2) or cube (3) roots of the first primes. */
function rootsOfPrimes(count: number, root: 2 | 3): Uint32Array {
  const words = new Uint32Array(count);
  const primes: bigint[] = [];
  for (let candidate = 2n; primes.length < count; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0n)) primes.push(candidate);
  }
  primes.forEach((prime, index) => {
    // floor(prime^(1/root) · 2^32), by bisection over integers: exact, where floating point is not.
    const power = BigInt(root);
    const target = prime << (32n * power);
    let low = 0n;
    for (let bit = 1n << 38n; bit > 0n; bit >>= 1n) if ((low + bit) ** power <= target) low += bit;
    words[index] = Number(low & 0xffffffffn);
  });
  return words;
}

/** Made when first needed: where hashing is native, nobody should wait for them. */
let constants: { readonly rounds: Uint32Array; readonly initial: Uint32Array } | undefined;

/** SHA-256 in plain JavaScript, block by block; for platforms that have no native incremental one. */
export function sha256(): Hasher {
  constants ??= { rounds: rootsOfPrimes(64, 3), initial: rootsOfPrimes(8, 2) };
  const { rounds, initial } = constants;
  const state = initial.slice();
  const words = new Int32Array(64);
  const pending = new Uint8Array(64);
  let held = 0;
  let total = 0;

  const compress = (bytes: Uint8Array, at: number): void => {
    for (let i = 0; i < 16; i++, at += 4) {
      words[i] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    }
    for (let i = 16; i < 64; i++) {
      const w15 = words[i - 15]!;
      const w2 = words[i - 2]!;
      const s0 = ((w15 >>> 7) | (w15 << 25)) ^ ((w15 >>> 18) | (w15 << 14)) ^ (w15 >>> 3);
      const s1 = ((w2 >>> 17) | (w2 << 15)) ^ ((w2 >>> 19) | (w2 << 13)) ^ (w2 >>> 10);
      words[i] = (words[i - 16]! + s0 + words[i - 7]! + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    for (let i = 0; i < 64; i++) {
      const S1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + S1 + ((e & f) ^ (~e & g)) + rounds[i]! + words[i]!) | 0;
      const S0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (S0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((value, index) => {
      state[index] = (state[index]! + value) | 0;
    });
  };

  const update = (bytes: Uint8Array): void => {
    total += bytes.length;
    let at = 0;
    if (held > 0) {
      at = Math.min(64 - held, bytes.length);
      pending.set(bytes.subarray(0, at), held);
      held += at;
      if (held < 64) return;
      compress(pending, 0);
      held = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) compress(bytes, at);
    pending.set(bytes.subarray(at));
    held = bytes.length - at;
  };

  return {
    update,
    digest() {
      const bits = total * 8;
      const padding = new Uint8Array((held < 56 ? 64 : 128) - held);
      padding[0] = 0x80;
      const view = new DataView(padding.buffer);
      view.setUint32(padding.length - 8, Math.floor(bits / 2 ** 32));
      view.setUint32(padding.length - 4, bits >>> 0);
      update(padding);
      return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
    },
  };
}
