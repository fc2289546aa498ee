import { type ByteSource, locateError, TorshError } from '@torsh/bytes';
import protobuf from 'protobufjs/minimal.js';

/** Bytes that are read at once: little behind weights, where often more weights follow, and more the longer nothing is passed over. */
const LEAST = 8 * 1024;
const MOST = 256 * 1024;

/** No tag with its length, and no number, is longer. */
export const HEAD = 20;

type Reader = InstanceType<typeof protobuf.Reader>;

/**
 * A place in a source that moves forward, with a stretch of bytes before it at hand. What is asked for must be within
 * the stretch: `holds` tells, and `load` brings it there.
 */
export class Window {
  readonly #source: ByteSource;
  readonly #signal: AbortSignal | undefined;
  #bytes = new Uint8Array(0);
  #base = 0;
  #size = LEAST;
  #reader: Reader = new protobuf.Reader(this.#bytes);

  constructor(source: ByteSource, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#signal = signal;
  }

  get position(): number {
    return this.#base + this.#reader.pos;
  }

  /** Goes to a place; what is at hand stays at hand only if the place is in it. */
  set position(position: number) {
    const at = position - this.#base;
    if (at >= 0 && at <= this.#bytes.length) {
      this.#reader.pos = at;
    } else {
      this.#base = position;
      this.#size = LEAST;
      this.#bytes = new Uint8Array(0);
      this.#reader = new protobuf.Reader(this.#bytes);
    }
  }

  /** True where so many bytes, or all that are left of the source, are at hand. */
  holds(length: number): boolean {
    const left = this.#bytes.length - this.#reader.pos;
    return left >= length || this.#base + this.#bytes.length === this.#source.size;
  }

  async load(length: number): Promise<void> {
    const { position } = this;
    const wanted = Math.min(Math.max(length, this.#size), this.#source.size - position);
    this.#size = Math.min(this.#size * 2, MOST);
    const lent = await this.#source.read(position, wanted, { signal: this.#signal });
    // What a source lends is only valid until its next read.
    this.#bytes = new Uint8Array(lent);
    this.#base = position;
    this.#reader = new protobuf.Reader(this.#bytes);
  }

  /** An unsigned number: a tag or a length. */
  varint(): number {
    const start = this.#reader.pos;
    let [value, scale] = [0, 1];
    for (let at = start; at < start + 10; at++) {
      const byte = this.#bytes[at];
      if (byte === undefined) throw cutOff(this.#base + start);
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte >= 0x80) continue;
      this.#reader.pos = at + 1;
      if (value <= Number.MAX_SAFE_INTEGER) return value;
      throw new TorshError('limit', 'A length here is above 2^53; no real file is that large.', {
        offset: this.#base + start,
      });
    }
    throw new TorshError('malformed', 'A number here has more than ten bytes.', {
      offset: this.#base + start,
    });
  }

  /** One value, read by protobufjs; whatever is wrong with it is an error at this place. */
  value<T>(read: (reader: Reader) => T): T {
    const offset = this.position;
    try {
      return read(this.#reader);
    } catch (cause) {
      if (cause instanceof TorshError) throw locateError(cause, { offset });
      if (cause instanceof RangeError) throw cutOff(offset, cause);
      throw new TorshError('malformed', 'A number here is longer than a number can be.', { offset, cause });
    }
  }

  /** Text; what is not UTF-8 is shown as well as can be, because the file keeps its bytes. */
  text(length: number): string {
    const start = this.#reader.pos;
    this.#reader.pos += length;
    return protobuf.util.utf8.read(this.#bytes, start, start + length);
  }

  /** A copy of the bytes from here on. */
  take(length: number): Uint8Array {
    const start = this.#reader.pos;
    this.#reader.pos += length;
    return this.#bytes.slice(start, start + length);
  }
}

function cutOff(offset: number, cause?: unknown): TorshError {
  return new TorshError('truncated', 'The file ends within a number.', { offset, cause });
}
