import type { Output } from '../output.ts';

/** What is written already, and the opcodes that put it aside and fetch it. */
export class WrittenMemo {
  readonly #out: Output;
  readonly #protocol: number;
  /** Objects by identity; text and names by their content, since Python does not tell equal ones apart. */
  readonly #slots = new Map<unknown, number>();
  readonly #names = new Map<string, object>();

  constructor(out: Output, protocol: number) {
    this.#out = out;
    this.#protocol = protocol;
  }

  get size(): number {
    return this.#slots.size;
  }

  has(key: unknown): boolean {
    return this.#slots.has(key);
  }

  /** Fetches what is there, and says whether it is. */
  fetch(key: unknown): boolean {
    const slot = this.#slots.get(key);
    if (slot === undefined) return false;
    if (this.#protocol === 0) this.#out.latin1(`g${slot}\n`);
    else this.#write(0x68, 0x6a, slot);
    return true;
  }

  /** Puts what was just written aside. */
  put(key: unknown): void {
    const slot = this.#slots.size;
    this.#slots.set(key, slot);
    if (this.#protocol >= 4) this.#out.u8(0x94);
    else if (this.#protocol === 0) this.#out.latin1(`p${slot}\n`);
    else this.#write(0x71, 0x72, slot);
  }

  /** The key of a class or function: one object for each, so that names and text can be in one memo. */
  nameKey(module: string, name: string): object {
    const text = `${module.length} ${module} ${name}`;
    let key = this.#names.get(text);
    if (key === undefined) {
      key = {};
      this.#names.set(text, key);
    }
    return key;
  }

  #write(short: number, long: number, slot: number): void {
    if (slot < 0x100) {
      this.#out.u8(short);
      this.#out.u8(slot);
    } else {
      this.#out.u8(long);
      this.#out.u32(slot);
    }
  }
}
