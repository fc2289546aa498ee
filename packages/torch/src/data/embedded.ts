import { type ByteSource, fromBytes, slice } from '@torsh/bytes';

/** Says where bytes lie that came inside of a pickle. */
export type Embedded = (bytes: Uint8Array) => ByteSource;

/**
 * Bytes of a pickle as windows on the file that the pickle was read from, so that it need not be kept in memory. What is
 * spelled as text there (before protocol 3 all bytes are) has no place in the file and is kept.
 */
export function embeddedIn(source: ByteSource, pickle: Uint8Array): Embedded {
  return (bytes) => {
    const offset = bytes.byteOffset - pickle.byteOffset;
    const within = offset >= 0 && offset + bytes.length <= pickle.length;
    const inFile = bytes.buffer === pickle.buffer && within && source.deflated === undefined;
    return inFile ? slice(source, offset, bytes.length) : fromBytes(bytes);
  };
}
