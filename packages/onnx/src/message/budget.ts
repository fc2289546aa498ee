import { type Limits, TorshError } from '@torsh/bytes';

/** What an object that stands for some bytes takes at least, a text, and a number in a list: so much is counted for each. */
export const OBJECT = 64;
export const TEXT = 16;
export const NUMBER = 4;

/** Counts what a file makes a decoder keep, and stops it at the limits. */
export class Budget {
  readonly #limits: Limits;
  #messages = 0;
  #bytes = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** One more message, in so many others. */
  message(depth: number, offset: number): void {
    if (depth >= this.#limits.depth) {
      const message = `Messages are nested more than ${this.#limits.depth} deep here. If you trust the file, raise the limit "depth".`;
      throw new TorshError('limit', message, { offset });
    }
    if (++this.#messages > this.#limits.messages) {
      const message = `There are more than ${this.#limits.messages} messages in this file. If you trust it, raise the limit "messages".`;
      throw new TorshError('limit', message, { offset });
    }
  }

  /** So many bytes more, which is what memory grows with. */
  spend(length: number, offset: number): void {
    this.#bytes += length;
    if (this.#bytes > this.#limits.messageBytes) {
      const message = `There are more than ${this.#limits.messageBytes} bytes of names, numbers and other fields in this file, besides weights. If you trust it, raise the limit "messageBytes".`;
      throw new TorshError('limit', message, { offset });
    }
  }
}
