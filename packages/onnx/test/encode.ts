import type { Kind } from '../src/schema/message.ts';
import { type MessageName, schema } from '../src/schema/schema.ts';
import { message, text, varint } from './wire.ts';

/** What a message is made from: numbers, texts, bytes, and objects for messages; lists where there can be many. */
export interface Fields {
  readonly [field: string]: unknown;
}

/** The bytes of a message, field by field in the order given. Weights are bytes, or a list of whole numbers to pack. */
export function encode(name: MessageName, fields: Fields): Uint8Array {
  return joined(
    Object.entries(fields).map(([field, value]) => {
      const [number, kind, label] = (schema[name] as Record<string, readonly [number, Kind, string?]>)[
        field
      ]!;
      if (kind === 'payload') return message(number, packed(value));
      const values = label === 'many' ? (value as readonly unknown[]) : [value];
      return joined(values.map((each) => single(number, kind, each)));
    }),
  );
}

function single(number: number, kind: Kind, value: unknown): Uint8Array {
  if (kind === 'string') return text(number, value as string);
  if (kind === 'bytes') return message(number, value as Uint8Array);
  if (Object.hasOwn(schema, kind)) return message(number, encode(kind as MessageName, value as Fields));
  if (kind !== 'float') return joined([varint(number, 0).subarray(0, -1), int64(value as number)]);
  const bytes = new Uint8Array(5);
  bytes[0] = number * 8 + 5;
  new DataView(bytes.buffer).setFloat32(1, value as number, true);
  return bytes;
}

function packed(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  return joined((value as readonly number[]).map(int64));
}

/** A whole number as protobuf writes it; those below zero have ten bytes. */
function int64(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    if (rest < 128n) return Uint8Array.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) + 128);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
