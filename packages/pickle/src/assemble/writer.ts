import { type Limits, TorshError } from '@torsh/bytes';
import { Output } from '../output.ts';
import type { PickleValue, PyPersistent } from '../value.ts';
import { Agenda, type Step } from './agenda.ts';
import { WrittenMemo } from './memo.ts';

/** Gives the id of a persistent value. */
type PersistentId = (value: PyPersistent, ownText: (text: string) => PickleValue) => PickleValue;

/** What all parts of the writer share: where the bytes go, what is written, what comes next, and what is half done. */
export class Writer {
  readonly protocol: number;
  readonly depth: number;
  readonly out: Output;
  readonly memo: WrittenMemo;
  readonly agenda: Agenda = new Agenda();
  readonly persistentId: PersistentId | undefined;
  /** Whether a name inside a class can be written as it is. */
  readonly dottedNames: boolean;
  /** What is being written and not in the memo yet: the size of the memo when it was last begun, and how often it was. */
  readonly #open = new Map<object, { size: number; times: number }>();

  constructor(
    protocol: number,
    limits: Limits,
    { persistentId, dottedNames }: { persistentId: PersistentId | undefined; dottedNames: boolean },
  ) {
    this.protocol = protocol;
    this.persistentId = persistentId;
    this.dottedNames = dottedNames && protocol >= 4;
    this.depth = limits.depth;
    this.out = new Output(limits.pickleBytes);
    this.memo = new WrittenMemo(this.out, protocol);
  }

  /** Notes that a value is written from its parts. It may be met again inside of them, but only behind a new container. */
  enter(value: object): void {
    const size = this.memo.size;
    const open = this.#open.get(value);
    if (open === undefined) {
      this.#open.set(value, { size, times: 1 });
      return;
    }
    if (open.size === size || ++open.times > this.depth) {
      throw new TorshError(
        'unsupported',
        'A value that is a part of itself in this way cannot be written as a pickle.',
      );
    }
    open.size = size;
  }

  /** Ends what `enter` began, for a value that is written anew wherever it is met. */
  leave(value: object): void {
    this.#open.delete(value);
  }

  /**
   * Puts a finished value into the memo and says true. If it is there by now, because it was met inside of itself,
   * `drop` takes it off the stack and the other one is fetched.
   */
  finish(value: object, drop: Step = () => this.out.u8(0x30)): boolean {
    this.#open.delete(value);
    if (!this.memo.has(value)) {
      this.memo.put(value);
      return true;
    }
    drop();
    this.memo.fetch(value);
    return false;
  }
}
