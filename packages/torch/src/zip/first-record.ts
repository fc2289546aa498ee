import { cursor, decodeUtf8 } from '@torsh/bytes';

/** What is read from the front of a file to see its first record. */
export const FIRST_RECORD_BYTES = 512;

/** The name in the local header at the very start of a ZIP, which is the only place where torch looks. */
export function firstName(bytes: Uint8Array): string | undefined {
  if (bytes.length < 30) return undefined;
  const from = cursor(bytes);
  if (from.u32() !== 0x04034b50) return undefined;
  from.skip(22);
  const length = from.u16();
  return decodeUtf8(bytes.subarray(30, 30 + length));
}

/** The same name if it lies in a folder, as all records of PyTorch's do; `undefined` for any other file. */
export function firstRecord(bytes: Uint8Array): string | undefined {
  const name = firstName(bytes);
  return name !== undefined && /^[^/]*\//.test(name) ? name : undefined;
}
