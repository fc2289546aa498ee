import { type Limits, portablePathFlaw, TorshError } from '@torsh/bytes';
import type { Issue } from '../issue.ts';
import { type JsonScanner, scanJson } from '../safetensors/index.ts';

/** What an index of shards says. */
export interface ShardIndex {
  /** Tensor → the file that holds it, in the order of the index. */
  readonly weightMap: ReadonlyMap<string, string>;
  /** Bytes of all tensors, where the index tells. */
  readonly totalSize: number | undefined;
  /** Whatever else its metadata holds, as text. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly notes: readonly Issue[];
}

/** The hub's own limit; an index of 200,000 tensors has half of it. */
export const INDEX_BYTES: number = 10 * 2 ** 20;
/** Facts on the tensors themselves, found again whenever an index is written. */
const COUNTED = ['total_size', 'total_parameters'];
const QUOTE = 0x22;

/** Reads the text of an index strictly; a shard must be a plain file name beside it. */
export function parseShardIndex(
  text: string,
  limits: Pick<Limits, 'depth' | 'entries'>,
  tolerant = false,
): ShardIndex {
  const scanner = scanJson(text, { what: 'the index', depth: limits.depth, base: 0 });
  const notes: Issue[] = [];
  const metadata = new Map<string, string>();
  let weightMap: Map<string, string> | undefined;
  const fields = new Set<string>();
  const once = (seen: { has(key: string): boolean }, key: string, at: number): void => {
    if (!seen.has(key)) return;
    const message = `The index has the key ${JSON.stringify(key)} twice.`;
    if (!tolerant) scanner.fail(message, at);
    notes.push({ severity: 'note', code: 'duplicate-key', message, subject: key });
  };
  scanner.object((field, at) => {
    once(fields, field, at);
    fields.add(field);
    if (field === 'weight_map') weightMap = parseWeightMap(scanner, limits, once);
    else if (field === 'metadata' && scanner.next() === 0x7b) parseMetadata(scanner, metadata, once);
    else if (scanner.skip() !== 'null') {
      notes.push({
        severity: 'note',
        code: 'index-field',
        message: `The field ${JSON.stringify(field)} of the index is not kept.`,
        subject: field,
      });
    }
  });
  scanner.end();
  if (weightMap === undefined) return scanner.fail('The index has no weight_map.', 0);
  const size = metadata.get('total_size');
  const totalSize = size !== undefined && /^[0-9]{1,15}$/.test(size) ? Number(size) : undefined;
  for (const key of COUNTED) metadata.delete(key);
  return { weightMap, totalSize, metadata, notes };
}

type Once = (seen: { has(key: string): boolean }, key: string, at: number) => void;

function parseWeightMap(
  scanner: JsonScanner,
  limits: Pick<Limits, 'entries'>,
  once: Once,
): Map<string, string> {
  const map = new Map<string, string>();
  const checked = new Set<string>();
  scanner.object((name, at) => {
    once(map, name, at);
    const place = scanner.position();
    const shard = scanner.string();
    if (!checked.has(shard)) {
      checkShardName(shard, place, scanner);
      checked.add(shard);
    }
    map.set(name, shard);
    if (map.size > limits.entries)
      scanner.fail(`The index has more than ${limits.entries} tensors.`, at, 'limit');
  });
  return map;
}

function parseMetadata(scanner: JsonScanner, metadata: Map<string, string>, once: Once): void {
  scanner.object((key, at) => {
    once(metadata, key, at);
    // What is not text is kept as the JSON that it is: __metadata__ holds text only.
    metadata.set(key, scanner.next() === QUOTE ? scanner.string() : scanner.skip());
  });
}

function checkShardName(shard: string, at: number, scanner: JsonScanner): void {
  const flaw = portablePathFlaw(shard) ?? (shard.includes('/') ? 'it is not beside the index' : undefined);
  if (flaw !== undefined)
    scanner.fail(
      `The index names the file ${JSON.stringify(shard)}, which is refused: ${flaw}.`,
      at,
      'unsafe',
    );
}

/** The text of an index, byte for byte what huggingface_hub writes for the same shards. */
export function formatShardIndex(weightMap: ReadonlyMap<string, string>, totalSize: number): string {
  const lines = Array.from(weightMap, ([name, shard]) => `    ${ascii(name)}: ${ascii(shard)}`);
  if (lines.length === 0) throw new TorshError('unsupported', 'A model without tensors has no index.');
  const text = `{\n  "metadata": {\n    "total_size": ${totalSize}\n  },\n  "weight_map": {\n${lines.join(',\n')}\n  }\n}`;
  // All of it is ASCII.
  if (text.length <= INDEX_BYTES) return text;
  const message = `The index of ${lines.length} tensors would have ${text.length} bytes, more than the ${INDEX_BYTES} that readers take.`;
  throw new TorshError('limit', message);
}

/** JSON text in ASCII only, as Python's json module writes it. */
function ascii(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
