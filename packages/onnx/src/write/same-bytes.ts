import { BLOCK, type ByteSource, type ReadOptions } from '@torsh/bytes';

/** Whether two sources of one size have the same bytes. */
export async function sameBytes(a: ByteSource, b: ByteSource, options: ReadOptions): Promise<boolean> {
  if (a.size !== b.size) return false;
  for (let at = 0; at < a.size; at += BLOCK) {
    const length = Math.min(BLOCK, a.size - at);
    // A source may lend the bytes of one place only.
    const left = (await a.read(at, length, options)).slice();
    const right = await b.read(at, length, options);
    if (left.some((byte, index) => byte !== right[index])) return false;
  }
  return true;
}
