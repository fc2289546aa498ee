import { decodeUtf8, type Limits, TorshError } from '@torsh/bytes';
import type { PhysicalDType } from '../dtype.ts';
import type { Issue } from '../issue.ts';
import { type Deviation, entryParser } from './entry.ts';
import { type JsonScanner, scanJson } from './json.ts';
import { checkLayout } from './layout.ts';

/** One tensor of a safetensors header; `begin` and `end` count from the end of the header. */
export interface HeaderTensor {
  readonly name: string;
  readonly dtype: PhysicalDType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** What the header of a safetensors file says. */
export interface Header {
  /** In the order of their bytes in the file. */
  readonly tensors: readonly HeaderTensor[];
  /** `__metadata__`; empty where the file has none. */
  readonly metadata: { readonly [key: string]: string };
  /** What a tolerant reading let pass and a strict one refuses. */
  readonly notes: readonly Issue[];
}

/** How a header is read. */
export interface HeaderOptions {
  /** Accept exactly what the reference library accepts, with a note for each thing that is refused otherwise. */
  readonly tolerant?: boolean | undefined;
  readonly limits: Pick<Limits, 'depth' | 'dimensions' | 'entries' | 'nameBytes'>;
  /** Where the JSON begins in its file; 8 unless told. */
  readonly base?: number | undefined;
}

/** The key of a header that holds text, not a tensor. */
export const METADATA_KEY = '__metadata__';

/** How deep the reference library lets a header nest. */
const REFERENCE_DEPTH = 127;

/** Reads the JSON of a header and checks that its tensors cover the `dataBytes` behind it without hole or overlap. */
export function parseHeader(bytes: Uint8Array, dataBytes: number, options: HeaderOptions): Header {
  const { base = 8, limits, tolerant = false } = options;
  const scanner = scanJson(decodeHeader(bytes, base), {
    what: 'the header',
    depth: Math.min(limits.depth, REFERENCE_DEPTH),
    base,
  });
  const notes: Issue[] = [];
  /** What the reference library accepts and we would rather not. */
  const deviation: Deviation = (code, message, subject, at) => {
    if (!tolerant)
      scanner.fail(
        `${message} The reference library would accept this; torsh does when told to be tolerant.`,
        at,
      );
    notes.push({ severity: 'note', code, message, subject });
  };
  const parseEntry = entryParser(scanner, limits, deviation);
  const entries = new Map<string, { tensor: HeaderTensor; at: number }>();
  let metadata: ReadonlyMap<string, string> | undefined;
  scanner.object((key, at) => {
    if (key === METADATA_KEY) {
      if (metadata !== undefined) scanner.fail('The header has two fields __metadata__.', at);
      metadata = parseMetadata(scanner, deviation);
      return;
    }
    if (entries.has(key)) {
      deviation(
        'duplicate-name',
        `The header names the tensor ${JSON.stringify(key)} twice; the last one counts.`,
        key,
        at,
      );
    }
    entries.set(key, { tensor: parseEntry(key, at), at });
    if (entries.size > limits.entries) {
      scanner.fail(`The header has more than ${limits.entries} tensors.`, at, 'limit');
    }
  });
  scanner.end();
  const tensors = checkLayout([...entries.values()], dataBytes, base + bytes.length, scanner.fail);
  return { tensors, metadata: Object.fromEntries(metadata ?? []), notes };
}

function decodeHeader(bytes: Uint8Array, base: number): string {
  const text = decodeUtf8(bytes);
  if (text !== undefined) return text;
  throw new TorshError('malformed', 'The header is not valid UTF-8.', { offset: base + badUtf8(bytes) });
}

/** The start of the longest prefix that a decoder takes, found by halving: only errors pay for it. */
function badUtf8(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  return good;
}

function parseMetadata(scanner: JsonScanner, deviation: Deviation): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  if (scanner.next() === 'n'.charCodeAt(0) && scanner.skip() === 'null') return metadata;
  scanner.object((key, at) => {
    if (metadata.has(key)) {
      deviation(
        'duplicate-key',
        `__metadata__ has the key ${JSON.stringify(key)} twice; the last one counts.`,
        key,
        at,
      );
    }
    metadata.set(key, scanner.string());
  });
  return metadata;
}
