import { failure } from './failure.ts';
import type { PickleValue } from './value.ts';

/** How far behind the last index a new one may lie and still go into the array. */
const GAP = 256;

/**
 * What a pickle has put aside, by index. Writers count up from 0 or 1, so an array holds nearly all; an index far
 * away (0xFFFFFFFF costs five bytes) goes into a map and allocates nothing.
 */
export class Memo {
  readonly #dense = new Rows();
  #sparse: Map<number, PickleValue> | undefined;
  #holes = 0;

  /** The number of indexes in use: the next index of MEMOIZE. */
  get size(): number {
    return this.#dense.length - this.#holes + (this.#sparse?.size ?? 0);
  }

  /** What lies at an index; an error of the opcode at `offset` where nothing does. */
  get(index: number, offset: number): PickleValue {
    const value = this.#dense.get(index);
    return value === undefined ? this.#getAside(index, offset) : value;
  }

  put(index: number, value: PickleValue): void {
    const dense = this.#dense;
    if (index === dense.length && this.#sparse === undefined) {
      dense.push(value);
    } else if (index < dense.length && dense.get(index) !== undefined) {
      dense.set(index, value);
    } else {
      this.#putAside(index, value);
    }
  }

  #getAside(index: number, offset: number): PickleValue {
    const value = this.#sparse?.get(index);
    if (value !== undefined) return value;
    throw failure('malformed', `The pickle reads the memo slot ${index}, which is empty`, offset);
  }

  #putAside(index: number, value: PickleValue): void {
    const dense = this.#dense;
    if (index > dense.length + GAP) {
      this.#sparse ??= new Map();
      this.#sparse.set(index, value);
      return;
    }
    this.#sparse?.delete(index);
    if (index < dense.length) {
      dense.set(index, value);
      this.#holes--;
      return;
    }
    while (dense.length < index) {
      dense.push(undefined);
      this.#holes++;
    }
    dense.push(value);
  }
}

const ROW = 2 ** 14;

/** A list in rows of one length: growing to millions, one array would be copied, and left behind, again and again. */
class Rows {
  readonly #rows: (PickleValue | undefined)[][] = [];
  length = 0;

  get(index: number): PickleValue | undefined {
    return this.#rows[Math.floor(index / ROW)]?.[index % ROW];
  }

  set(index: number, value: PickleValue): void {
    this.#rows[Math.floor(index / ROW)]![index % ROW] = value;
  }

  push(value: PickleValue | undefined): void {
    if (this.length % ROW === 0) this.#rows.push([]);
    this.#rows.at(-1)!.push(value);
    this.length++;
  }
}
