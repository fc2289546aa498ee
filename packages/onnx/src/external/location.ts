import { pathFlaw, TorshError } from '@torsh/bytes';
import type { TensorProto } from '../schema/message.ts';

/** A stretch of another file. */
export interface Location {
  /** The file, from the folder of the model; normal. */
  readonly path: string;
  readonly offset: number;
  readonly length: number;
  /** A digest of the whole file, which nobody checks. */
  readonly checksum: string | undefined;
}

/** What `external_data` may say; runtimes refuse anything else. */
const KEYS: readonly string[] = ['location', 'offset', 'length', 'checksum', 'basepath'];

/** Where the numbers of a tensor are that must have so many bytes. Strict, because this is a path that a file asks to have opened. */
export function parseLocation({ external_data, span }: TensorProto, bytes: number, place: string): Location {
  const wrong = (what: string, code: 'malformed' | 'unsafe' = 'malformed'): TorshError =>
    new TorshError(code, `The external data of ${place} ${what}.`, { offset: Math.max(span.prefix, 0) });
  const said = new Map<string, string>();
  for (const { key = '', value = '' } of external_data) {
    if (!KEYS.includes(key)) throw wrong(`have the key ${JSON.stringify(key)}, which ONNX does not know`);
    if (said.has(key)) throw wrong(`have the key ${key} twice`);
    said.set(key, value);
  }
  const size = (key: string, absent: number): number => {
    const text = said.get(key);
    if (text === undefined) return absent;
    const value = Number(text);
    if (!/^[0-9]+$/.test(text) || !Number.isSafeInteger(value)) {
      throw wrong(`have the ${key} ${JSON.stringify(text.slice(0, 40))}, which is no number of bytes`);
    }
    return value;
  };
  const location = said.get('location');
  if (location === undefined || location === '') throw wrong('do not say in which file they are');
  const path = normal(location);
  const flaw = pathFlaw(path);
  if (flaw !== undefined)
    throw wrong(`are said to be in ${JSON.stringify(location)}, which is refused: ${flaw}`, 'unsafe');
  const length = size('length', bytes);
  if (length !== bytes) throw wrong(`have ${length} bytes, but the shape needs ${bytes}`);
  return { path, offset: size('offset', 0), length, checksum: said.get('checksum') };
}

/** Without the `./` that some exporters write. */
function normal(location: string): string {
  return location.replace(/^(?:\.\/)+/, '');
}
