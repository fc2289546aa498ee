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
export const KEYS: readonly string[] = ['location', 'offset', 'length', 'checksum', 'basepath'];

/** True for what onnxruntime adds for weights that it has packed: where they are, in the same file. */
export function isPrepacked(key: string): boolean {
  return key.startsWith('prepacked');
}

/** Where the numbers of a tensor are that must have so many bytes. Strict, because this is a path that a file asks to have opened. */
export function parseLocation(tensor: TensorProto, bytes: number, place: string): Location {
  const { external_data } = tensor;
  const wrong = (what: string): TorshError => flawed(tensor, place, what, 'malformed');
  const said = new Map<string, string>();
  for (const { key = '', value = '' } of external_data) {
    if (!KEYS.includes(key) && !isPrepacked(key))
      throw wrong(`have the key ${JSON.stringify(key)}, which ONNX does not know`);
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
  const path = parsePath(tensor, place);
  if (path === undefined) throw wrong('do not say in which file they are');
  const length = size('length', bytes);
  if (length !== bytes) throw wrong(`have ${length} bytes, but the shape needs ${bytes}`);
  return { path, offset: size('offset', 0), length, checksum: said.get('checksum') };
}

/** The file in which the numbers of a tensor are, from the folder of the model; `undefined` where none is named. */
export function parsePath(tensor: TensorProto, place: string): string | undefined {
  const location = tensor.external_data.findLast(({ key }) => key === 'location')?.value;
  if (location === undefined || location === '') return undefined;
  const path = normal(location);
  const flaw = pathFlaw(path);
  if (flaw === undefined) return path;
  const what = `are said to be in ${JSON.stringify(location)}, which is refused: ${flaw}`;
  throw flawed(tensor, place, what, 'unsafe');
}

/** Without the `./` and the `//` that some exporters write. */
function normal(location: string): string {
  return location.replace(/^(?:\.\/)+/, '').replace(/\/(?:\.?\/)+/g, '/');
}

function flawed(
  { span }: TensorProto,
  place: string,
  what: string,
  code: 'malformed' | 'unsafe',
): TorshError {
  return new TorshError(code, `The external data of ${place} ${what}.`, { offset: Math.max(span.prefix, 0) });
}
