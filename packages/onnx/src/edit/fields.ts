import { varintBytes } from './varint.ts';

/** The tag and the length of a field. */
export function fieldHead(number: number, length: number): Uint8Array {
  return joined([varintBytes(number * 8 + 2), varintBytes(length)]);
}

/** A field with its content: text, bytes or a message. */
export function field(number: number, content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return joined([fieldHead(number, bytes.length), bytes]);
}

/** A field that is an unsigned number. */
export function numberField(number: number, value: number): Uint8Array {
  return joined([varintBytes(number * 8), varintBytes(value)]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
