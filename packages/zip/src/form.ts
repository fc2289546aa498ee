/** What the writer says of an entry. Everything else in its headers is fixed by the form. */
export interface EntryForm {
  readonly path: string;
  readonly method: 'stored' | 'deflate';
  readonly size: number;
  readonly compressedSize: number;
  readonly crc32: number;
  readonly offset: number;
  /** The byte of the entry that lies on a 64-byte boundary, where that was asked for. */
  readonly alignAt?: number | undefined;
}

/** How a ZIP is spelled: the same entries have one form, byte for byte. */
export interface ZipForm {
  /** The header before the bytes of an entry; check sum and sizes follow in the descriptor. */
  localHeader(entry: EntryForm): Uint8Array;
  /** What follows the bytes of an entry. */
  descriptor(entry: EntryForm): Uint8Array;
  /** The directory and the end records: everything behind the last entry. */
  directory(entries: readonly EntryForm[], offset: number): Uint8Array;
}
