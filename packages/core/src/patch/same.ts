import { BLOCK, type ByteSource, type ReadOptions } from '@torsh/bytes';
import { words } from './planes.ts';

/** True if two sources of one size have the same bytes. */
export async function sameBytes(a: ByteSource, b: ByteSource, options?: ReadOptions): Promise<boolean> {
  for (let at = 0; at < a.size; at += BLOCK) {
    const length = Math.min(BLOCK, a.size - at);
    const left = await a.read(at, length, options);
    if (firstDifference(left, await b.read(at, length, options), 0) < length) return false;
  }
  return true;
}

/** The first byte from `start` on, a multiple of four, that is not the same; the length where all are. */
export function firstDifference(a: Uint8Array, b: Uint8Array, start: number, end: number = a.length): number {
  const whole = Math.floor(end / 4);
  const [left, right] = [words(a.subarray(0, whole * 4), 4), words(b.subarray(0, whole * 4), 4)];
  let word = start / 4;
  while (word < whole && left[word] === right[word]) word++;
  let at = word * 4;
  while (at < end && a[at] === b[at]) at++;
  return at;
}
