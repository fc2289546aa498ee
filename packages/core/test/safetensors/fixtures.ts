import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../../fixtures/safetensors/', import.meta.url));

/** The bytes of a fixture. */
export function fixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(root + path));
}

/** A fixture that is JSON. */
export function record<T>(path: string): T {
  return JSON.parse(readFileSync(root + path, 'utf8')) as T;
}

export function fixtureNames(folder: string): string[] {
  return readdirSync(root + folder).filter((name) => name.endsWith('.safetensors'));
}

/** A safetensors file from the text of its header and its data. */
export function file(json: string | Uint8Array, data: Uint8Array | number = 0): Uint8Array {
  const header = typeof json === 'string' ? new TextEncoder().encode(json) : json;
  const body = typeof data === 'number' ? new Uint8Array(data) : data;
  const bytes = new Uint8Array(8 + header.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  bytes.set(body, 8 + header.length);
  return bytes;
}

/** An entry of a header. */
export function info(dtype: string, shape: readonly number[], begin: number, end: number): string {
  return `{"dtype":"${dtype}","shape":[${shape}],"data_offsets":[${begin},${end}]}`;
}

/** The bytes that `fixtures/generate/safetensors_golden.py` gives to tensor `number`. */
export function pattern(number: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (number * 31 + index * 7) % 251);
}
