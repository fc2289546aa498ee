import { type Cursor, cursor, decodeUtf8, type Limits, TorshError } from '@torsh/bytes';

/** Reads the crate's binary encoding: little-endian, whole numbers of variable length, fields in order without names. */
export interface OxicodeReader {
  number(): number;
  text(): string;
  bytes(): Uint8Array;
  list<T>(item: () => T): readonly T[];
  texts(): { readonly [key: string]: string };
  option<T>(some: () => T): T | undefined;
  /** Throws where bytes are left. */
  end(): void;
}

/** The numbers that say how many bytes follow; smaller ones stand for themselves. */
const [U16, U32, U64] = [251, 252, 253];

export function oxicodeReader(data: Uint8Array, { entries }: Limits): OxicodeReader {
  const from: Cursor = cursor(data, 0);
  const fail = (what: string, offset: number) =>
    new TorshError('malformed', `${what} at byte ${offset}.`, { offset });
  const number = (): number => {
    const at = from.position;
    const first = from.bytes(1)[0]!;
    if (first < U16) return first;
    const value =
      first === U16 ? from.u16() : first === U32 ? from.u32() : first === U64 ? from.u64() : undefined;
    if (value === undefined) throw fail('A number is too large, or is none', at);
    // Each number has one form, so that a file is written again as it was.
    const least = first === U16 ? U16 : first === U32 ? 2 ** 16 : 2 ** 32;
    if (value < least) throw fail(`The number ${value} is longer than it needs to be`, at);
    return value;
  };
  const bytes = (): Uint8Array => from.bytes(number());
  const text = (): string => {
    const at = from.position;
    const decoded = decodeUtf8(bytes());
    if (decoded === undefined) throw fail('A text is not UTF-8', at);
    return decoded;
  };
  const list = <T>(item: () => T): readonly T[] => {
    const [at, count] = [from.position, number()];
    if (count > entries)
      throw new TorshError('limit', `A list has ${count} items (limit entries).`, { offset: at });
    // An item has a byte at least.
    if (count > from.remaining) throw fail(`A list claims ${count} items in ${from.remaining} bytes`, at);
    return Array.from({ length: count }, item);
  };
  return {
    number,
    text,
    bytes,
    list,
    texts() {
      const at = from.position;
      const pairs = list(() => [text(), text()] as const);
      const map = Object.fromEntries(pairs);
      if (Object.keys(map).length < pairs.length) throw fail('A key comes twice in a map', at);
      return map;
    },
    option(some) {
      const [at, tag] = [from.position, from.bytes(1)[0]!];
      if (tag > 1) throw fail(`An option is ${tag}, neither 0 nor 1,`, at);
      return tag === 1 ? some() : undefined;
    },
    end() {
      if (from.remaining > 0) throw fail(`${from.remaining} bytes are left over`, from.position);
    },
  };
}

/** Writes the same encoding. */
export interface OxicodeWriter {
  number(value: number): void;
  text(value: string): void;
  bytes(value: Uint8Array): void;
  list<T>(items: readonly T[], item: (value: T) => void): void;
  texts(map: { readonly [key: string]: string }): void;
  option<T>(value: T | null | undefined, some: (value: T) => void): void;
  finish(): Uint8Array;
}

export function oxicodeWriter(): OxicodeWriter {
  const parts: Uint8Array[] = [];
  const number = (value: number): void => {
    if (value < U16) {
      parts.push(Uint8Array.of(value));
      return;
    }
    const part = new Uint8Array(value < 2 ** 16 ? 3 : value < 2 ** 32 ? 5 : 9);
    const view = new DataView(part.buffer);
    part[0] = part.length === 3 ? U16 : part.length === 5 ? U32 : U64;
    if (part.length === 3) view.setUint16(1, value, true);
    else view.setUint32(1, value % 2 ** 32, true);
    if (part.length === 9) view.setUint32(5, Math.floor(value / 2 ** 32), true);
    parts.push(part);
  };
  const bytes = (value: Uint8Array): void => {
    number(value.length);
    parts.push(value);
  };
  const text = (value: string): void => bytes(new TextEncoder().encode(value));
  const list = <T>(items: readonly T[], item: (value: T) => void): void => {
    number(items.length);
    for (const each of items) item(each);
  };
  return {
    number,
    text,
    bytes,
    list,
    texts: (map) =>
      list(Object.entries(map), ([key, value]) => {
        text(key);
        text(value);
      }),
    option(value, some) {
      parts.push(Uint8Array.of(value === undefined || value === null ? 0 : 1));
      if (value !== undefined && value !== null) some(value);
    },
    finish() {
      const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const part of parts) {
        whole.set(part, at);
        at += part.length;
      }
      return whole;
    },
  };
}
