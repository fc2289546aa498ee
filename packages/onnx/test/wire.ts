/** Bytes from hexadecimal text; blanks do not count. */
export function bytesFrom(...hex: readonly string[]): Uint8Array {
  return Uint8Array.from(hex.join('').match(/[0-9a-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** An unsigned number as protobuf writes it. */
function number(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

/** A field with a length: a message from its fields, or bytes. */
export function message(field: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const head = [...number(field * 8 + 2), ...number(parts.reduce((sum, { length }) => sum + length, 0))];
  const joined = new Uint8Array(head.length + parts.reduce((sum, { length }) => sum + length, 0));
  joined.set(head);
  let at = head.length;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** A field that is text. */
export function text(field: number, value: string): Uint8Array {
  return message(field, new TextEncoder().encode(value));
}

/** A field that is an unsigned number. */
export function varint(field: number, value: number): Uint8Array {
  return Uint8Array.from([...number(field * 8), ...number(value)]);
}
