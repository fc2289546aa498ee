import { type Platform, TorshError } from '@torsh/bytes';

const [TEXT, HEADER_CRC, EXTRA, NAME, COMMENT] = [1, 2, 4, 8, 16];
const TRAILER = 8;

/** The content of a gzip file of one member, which is at most `most` bytes long. */
export async function gunzip(bytes: Uint8Array, most: number, platform: Platform): Promise<Uint8Array> {
  const fail = (flaw: string) => new TorshError('malformed', `This is not a gzip file: ${flaw}.`);
  const flags = bytes[3] ?? 0xff;
  if (bytes.length < 10 + TRAILER || bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8)
    throw fail('it begins otherwise, or is cut off');
  if (flags & ~(TEXT | HEADER_CRC | EXTRA | NAME | COMMENT)) throw fail('it has flags that nobody knows');
  let at = 10;
  if (flags & EXTRA) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
  for (const flag of [NAME, COMMENT]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) throw fail('its name does not end');
    at = end + 1;
  }
  if (flags & HEADER_CRC) at += 2;
  if (at + TRAILER > bytes.length) throw fail('it is cut off');
  const parts: Uint8Array[] = [];
  let [size, crc] = [0, 0];
  for await (const block of platform.inflate(once(bytes.slice(at, -TRAILER)))) {
    size += block.length;
    if (size > most)
      throw new TorshError(
        'limit',
        `It becomes more than ${most} bytes (limits inflateRatio and inflatedBytes).`,
      );
    crc = platform.crc32(block, crc);
    parts.push(block.slice());
  }
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - TRAILER, TRAILER);
  if (trailer.getUint32(0, true) !== crc || trailer.getUint32(4, true) !== size % 2 ** 32)
    throw fail('its check sum is of something else');
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
