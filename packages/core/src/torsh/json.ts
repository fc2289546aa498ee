import { decodeUtf8, type Limits, locateError, TorshError } from '@torsh/bytes';
import type { Json } from '../archive.ts';
import { type JsonScanner, scanJson } from '../safetensors/index.ts';

/** Pieces of text, of which there are never more than a reader would take. */
interface Text {
  push(...parts: readonly string[]): void;
}

/**
 * JSON for people and for one canonical form: two spaces, and anything that holds only plain values on one line, so
 * that a tensor of the manifest is a line. `undefined` if it would be longer than `most`: indentation alone can make
 * gigabytes of a small value that nests deep.
 */
export function formatJson(value: Json, most: number): string | undefined {
  const parts: string[] = [];
  let length = 1;
  const text: Text = {
    push(...more) {
      for (const part of more) length += part.length;
      if (length <= most) parts.push(...more);
    },
  };
  write(value, '\n', text, () => length > most);
  return length > most ? undefined : `${parts.join('')}\n`;
}

function write(value: Json, indent: string, parts: Text, full: () => boolean): void {
  if (full()) return;
  if (typeof value !== 'object' || value === null) {
    parts.push(JSON.stringify(value));
    return;
  }
  const isList = Array.isArray(value);
  const entries: (readonly [string, Json])[] = isList
    ? value.map((each: Json) => ['', each] as const)
    : Object.entries(value).filter(([, each]) => each !== undefined);
  const flat = entries.every(([, each]) => typeof each !== 'object' || each === null || isNumbers(each));
  const [open, close] = isList ? '[]' : '{}';
  if (entries.length === 0) {
    parts.push(open!, close!);
    return;
  }
  const inner = flat ? ' ' : `${indent}  `;
  parts.push(open!);
  entries.forEach(([key, each], index) => {
    parts.push(index > 0 ? ',' : '', index > 0 || !flat ? inner : isList ? '' : ' ');
    if (!isList) parts.push(JSON.stringify(key), ': ');
    if (isNumbers(each)) parts.push(`[${(each as readonly number[]).join(', ')}]`);
    else write(each, `${indent}  `, parts, full);
  });
  parts.push(flat ? (isList ? '' : ' ') : indent, close!);
}

/** A shape, or another short row of numbers. */
function isNumbers(value: Json): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'number');
}

/** The bytes of a JSON entry; a writer makes none that a reader would refuse. */
export function encodeJson(value: Json, path: string, { headerBytes }: Limits): Uint8Array {
  const text = formatJson(value, headerBytes);
  const bytes = text === undefined ? undefined : new TextEncoder().encode(text);
  if (bytes !== undefined && bytes.length <= headerBytes) return bytes;
  const message = `${path} would have more than ${headerBytes} bytes (limit headerBytes); no reader would take it.`;
  throw new TorshError('limit', message, { path });
}

/** JSON of an archive from its bytes: strict UTF-8, no key twice, no deeper than allowed. */
export function parseJson(bytes: Uint8Array, path: string, { depth }: Limits): Json {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new TorshError('malformed', `${path} is not UTF-8.`, { path });
  try {
    const scanner = scanJson(text, { what: path, depth, base: 0 });
    checkValue(scanner);
    scanner.end();
  } catch (error) {
    throw locateError(error, { path });
  }
  return JSON.parse(text);
}

/** Goes over a value and refuses keys that come twice: some readers would take the first, others the last. */
function checkValue(scanner: JsonScanner): void {
  const first = String.fromCharCode(scanner.next());
  if (first === '[') scanner.array(() => checkValue(scanner));
  else if (first === '{') {
    const seen = new Set<string>();
    scanner.object((key, at) => {
      if (seen.has(key)) scanner.fail(`The key ${JSON.stringify(key)} comes twice.`, at);
      seen.add(key);
      checkValue(scanner);
    });
  } else scanner.skip();
}

/** True for text in the one form that a writer gives it. */
export function isCanonicalJson(bytes: Uint8Array): boolean {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return text === formatJson(JSON.parse(text), text.length);
}
