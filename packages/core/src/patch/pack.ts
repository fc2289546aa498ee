import { type DeflateMethod, type Platform, TorshError } from '@torsh/bytes';
import { type Reader, type Writer, writer } from './varint.ts';

/** Bytes as they lie in a step: as they are, or in raw deflate. */
export interface Packed {
  readonly deflated: boolean;
  readonly bytes: Uint8Array;
}

/** Text and instructions are deflated as usual; planes of differences by the rule below. */
export async function pack(
  bytes: Uint8Array,
  platform: Platform,
  method: DeflateMethod | undefined = methodOf(bytes),
): Promise<Packed> {
  if (method !== undefined && bytes.length > 0) {
    const deflated = await (platform.deflateBlock?.(bytes, method) ?? deflate(bytes, platform));
    if (deflated.length < bytes.length) return { deflated: true, bytes: deflated };
  }
  return { deflated: false, bytes };
}

/** The bytes that were packed, of which there must be `length`. */
export async function unpack(
  { deflated, bytes }: Packed,
  length: number,
  path: string,
  platform: Platform,
): Promise<Uint8Array> {
  if (!deflated) {
    if (bytes.length === length) return bytes;
    throw wrongLength(path, length);
  }
  if (platform.inflateBlock !== undefined) return platform.inflateBlock(bytes, length);
  const result = new Uint8Array(length);
  let at = 0;
  for await (const some of platform.inflate(once(bytes))) {
    if (some.length > length - at) throw wrongLength(path, length);
    result.set(some, at);
    at += some.length;
  }
  if (at !== length) throw wrongLength(path, length);
  return result;
}

export function putPacked(to: Writer, { deflated, bytes }: Packed): void {
  to.varint(bytes.length * 2 + (deflated ? 1 : 0));
  to.bytes(bytes);
}

export function takePacked(from: Reader): Packed {
  const mark = from.varint();
  return { deflated: mark % 2 === 1, bytes: from.bytes(Math.floor(mark / 2)) };
}

async function deflate(bytes: Uint8Array, platform: Platform): Promise<Uint8Array> {
  const to = writer();
  for await (const some of platform.deflate(once(bytes))) to.bytes(some);
  return to.take();
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function wrongLength(path: string, length: number): TorshError {
  return new TorshError('malformed', `${path} has a part that does not give its ${length} bytes.`, { path });
}

/** Places of a plane that are looked at, and how many bytes of each. */
const SAMPLES = 8;
const SAMPLE = 4096;

/** From this entropy on, in bits a byte, deflate gains nothing: what is random in a sample of this size has 7.95. */
const RANDOM = 7.9;

/**
 * How a plane is deflated, from a look at a few places of it, so that equal planes are treated equally. Searching for
 * earlier matches, which takes most of deflate's time, finds nothing in differences of numbers.
 */
function methodOf(plane: Uint8Array): DeflateMethod | undefined {
  if (plane.length < SAMPLE) return 'matches';
  let entropy = 0;
  let most = 0;
  for (let sample = 0; sample < SAMPLES; sample++) {
    const start = Math.floor(((plane.length - SAMPLE) * sample) / (SAMPLES - 1));
    const counts = new Uint32Array(256);
    for (let at = start; at < start + SAMPLE; at++) counts[plane[at]!]!++;
    let largest = 0;
    for (const count of counts) {
      if (count > largest) largest = count;
      if (count > 0) entropy -= (count / SAMPLE) * Math.log2(count / SAMPLE);
    }
    most += largest / SAMPLE;
  }
  if (entropy / SAMPLES > RANDOM) return undefined;
  return most / SAMPLES > 0.5 ? 'runs' : 'symbols';
}
