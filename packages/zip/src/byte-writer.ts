/** Little-endian fields, one behind the other, in an array of known length. */
export interface ByteWriter {
  readonly bytes: Uint8Array;
  u16(value: number): void;
  u32(value: number): void;
  u64(value: number): void;
  put(part: Uint8Array): void;
}

export function byteWriter(length: number): ByteWriter {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const u16 = (value: number) => {
    view.setUint16(at, value, true);
    at += 2;
  };
  const u32 = (value: number) => {
    view.setUint32(at, value, true);
    at += 4;
  };
  const u64 = (value: number) => {
    u32(value % 2 ** 32);
    u32(Math.floor(value / 2 ** 32));
  };
  const put = (part: Uint8Array) => {
    bytes.set(part, at);
    at += part.length;
  };
  return { bytes, u16, u32, u64, put };
}
