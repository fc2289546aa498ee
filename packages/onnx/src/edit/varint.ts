/** Bytes of a number in its shortest form. */
export function varintWidth(value: number): number {
  let width = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) width++;
  return width;
}

/** A number as protobuf writes it, in at least so many bytes: a longer form than needed is legal, and some writers have it. */
export function varintBytes(value: number, width = 0): Uint8Array {
  const bytes = new Uint8Array(Math.max(width, varintWidth(value)));
  let rest = value;
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = (rest % 128) + (at === bytes.length - 1 ? 0 : 128);
    rest = Math.floor(rest / 128);
  }
  return bytes;
}
