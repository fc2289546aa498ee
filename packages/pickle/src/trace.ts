/** One place where a pickle names a class or function. Recorded even if the pickle throws the result away. */
export interface GlobalUse {
  /** As the file spells it; absent where only running the pickle would tell. */
  readonly module?: string;
  readonly name?: string;
  /** The byte of the opcode that imports. */
  readonly offset: number;
  /** GLOBAL, STACK_GLOBAL, INST, EXT1, EXT2 or EXT4. */
  readonly opcode: string;
  /** True where the module or the name is the result of a call, or stands in a registry that the file does not have. */
  readonly dynamic?: true;
}

/** Something legal that no honest writer does, or that readers of pickles disagree about. */
export type NoteCode =
  | 'frame-crossed'
  | 'frame-nested'
  | 'frame-past-end'
  | 'int-text'
  | 'carriage-return'
  | 'protocol-repeated'
  | 'protocol-late'
  | 'bytes-after-stop'
  | 'hidden-by-frame'
  | 'several-pickles';

/** A remark on a pickle: the first place of its kind, and how many there are. */
export interface PickleNote {
  readonly code: NoteCode;
  readonly message: string;
  readonly offset: number;
  readonly count: number;
}

const messages: Readonly<Record<NoteCode, string>> = {
  'frame-crossed': 'An opcode crosses the end of its frame: readers disagree about what comes next.',
  'frame-nested': 'A frame begins inside another.',
  'frame-past-end': 'A frame claims more bytes than there are.',
  'int-text': 'A number is spelled in a way that some readers refuse or read differently.',
  'carriage-return': 'A module or a name has a carriage return or other white space in it.',
  'protocol-repeated': 'The protocol is stated more than once.',
  'protocol-late': 'The protocol is stated behind other opcodes.',
  'bytes-after-stop': 'Bytes that are no pickle follow the end of one.',
  'hidden-by-frame': 'Read frame by frame, as CPython reads from a file, these bytes import something else.',
  'several-pickles': 'Another pickle follows the end of one.',
};

/** What is seen on the way through a pickle; it stays when the pickle turns out to be broken. */
export class Trace {
  readonly globals: GlobalUse[] = [];
  readonly #notes = new Map<NoteCode, { offset: number; count: number }>();

  note(code: NoteCode, offset: number): void {
    const known = this.#notes.get(code);
    if (known === undefined) this.#notes.set(code, { offset, count: 1 });
    else known.count++;
  }

  /** Takes over the notes of another trace. */
  merge(other: Trace): void {
    for (const [code, { offset, count }] of other.#notes) {
      const known = this.#notes.get(code);
      if (known === undefined) this.#notes.set(code, { offset, count });
      else known.count += count;
    }
  }

  has(code: NoteCode): boolean {
    return this.#notes.has(code);
  }

  get notes(): readonly PickleNote[] {
    return [...this.#notes].map(([code, { offset, count }]) => ({
      code,
      message: messages[code],
      offset,
      count,
    }));
  }
}
