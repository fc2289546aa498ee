import { TorshError } from '@torsh/bytes';

/** Bytes that grow at their end. */
export class Output {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  u8(value: number): void {
    const at = this.#reserve(1);
    this.#bytes[at] = value;
  }

  u16(value: number): void {
    const at = this.#reserve(2);
    this.#view.setUint16(at, value, true);
  }

  /** Also right for negative numbers. */
  u32(value: number): void {
    const at = this.#reserve(4);
    this.#view.setUint32(at, value, true);
  }

  u64(value: number): void {
    const at = this.#reserve(8);
    this.#view.setUint32(at, value % 2 ** 32, true);
    this.#view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
  }

  /** Big-endian, as pickles have it. */
  f64(value: number): void {
    const at = this.#reserve(8);
    this.#view.setFloat64(at, value);
  }

  bytes(content: Uint8Array): void {
    const at = this.#reserve(content.length);
    this.#bytes.set(content, at);
  }

  /** Text whose characters are all below 256. */
  latin1(text: string): void {
    const at = this.#reserve(text.length);
    for (let index = 0; index < text.length; index++) this.#bytes[at + index] = text.charCodeAt(index);
  }

  done(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** Where to write `count` bytes. Moves the bytes, so it must be called before they are looked at. */
  #reserve(count: number): number {
    const at = this.#length;
    const length = at + count;
    if (length > this.#bytes.length) {
      if (length > this.#limit) {
        throw new TorshError(
          'limit',
          `The pickle would have more than the ${this.#limit} bytes of pickleBytes.`,
        );
      }
      const grown = new Uint8Array(Math.max(length, Math.min(2 * this.#bytes.length, this.#limit)));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#length = length;
    return at;
  }
}
