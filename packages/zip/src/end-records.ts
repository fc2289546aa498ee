import { byteWriter } from './byte-writer.ts';
import { END, END_BYTES, END64, END64_BYTES, LOCATOR64, LOCATOR64_BYTES, MAX16, MAX32 } from './layout.ts';

/** What lies before the end of a ZIP. */
export interface Ending {
  /** Entries. */
  readonly count: number;
  /** Bytes of the directory, and where it begins. */
  readonly size: number;
  readonly offset: number;
}

/** Whose ZIP64 end it is, where there is one: always, or only where a number needs it. */
export interface Wide {
  readonly madeBy: number;
  readonly always: boolean;
}

/** The records at the end of a ZIP; those of ZIP64 stand before the old one, which has its numbers as far as they fit. */
export function endRecords({ count, size, offset }: Ending, { madeBy, always }: Wide): Uint8Array {
  const wide = always || count >= MAX16 || size >= MAX32 || offset >= MAX32;
  const { bytes, u16, u32, u64 } = byteWriter((wide ? END64_BYTES + LOCATOR64_BYTES : 0) + END_BYTES);
  if (wide) {
    u32(END64);
    u64(END64_BYTES - 12);
    u16(madeBy);
    u16(45);
    u32(0);
    u32(0);
    for (const value of [count, count, size, offset]) u64(value);
    u32(LOCATOR64);
    u32(0);
    u64(offset + size);
    u32(1);
  }
  u32(END);
  u32(0);
  u16(Math.min(count, MAX16));
  u16(Math.min(count, MAX16));
  u32(Math.min(size, MAX32));
  u32(Math.min(offset, MAX32));
  u16(0);
  return bytes;
}
