import type { ResourceRole } from '../archive.ts';
import { mediaTypeOf } from './media-type.ts';

/** What a resource is, as its author says it. */
export type ResourceType =
  | 'Model'
  | 'Json'
  | 'Tokenizer'
  | 'Python'
  | 'Code'
  | 'Data'
  | 'Binary'
  | 'Text'
  | 'Config'
  | 'Documentation'
  | 'Licence';

/** What a type means for the archive. */
interface Meaning {
  readonly role: ResourceRole;
  /** What the content must be, whatever its name. */
  readonly holds: 'bytes' | 'text' | 'json';
  /** The media type where the name promises none, or another one. */
  readonly mediaType?: string;
}

/** All types but `Model`, which becomes a model and no file. */
const meanings: Readonly<Record<Exclude<ResourceType, 'Model'>, Meaning>> = {
  Json: { role: 'config', holds: 'json', mediaType: 'application/json' },
  Tokenizer: { role: 'tokenizer', holds: 'bytes' },
  Python: { role: 'code', holds: 'text', mediaType: 'text/x-python' },
  Code: { role: 'code', holds: 'text' },
  Data: { role: 'data', holds: 'bytes' },
  Binary: { role: 'other', holds: 'bytes' },
  Text: { role: 'other', holds: 'text' },
  Config: { role: 'config', holds: 'bytes' },
  Documentation: { role: 'document', holds: 'bytes' },
  Licence: { role: 'licence', holds: 'text' },
};

/** The names of all types. */
export const RESOURCE_TYPES: readonly ResourceType[] = [
  'Model',
  ...(Object.keys(meanings) as (keyof typeof meanings)[]),
];

/** What a file of a type is in the archive. What is called `.json` must be JSON, except where it is only data. */
export function meaningOf(type: Exclude<ResourceType, 'Model'>, path: string): Required<Meaning> {
  const { role, holds, mediaType } = meanings[type];
  const promised = mediaTypeOf(path);
  const isJson = promised === 'application/json' && holds === 'bytes' && role !== 'data' && role !== 'other';
  return {
    role,
    holds: isJson ? 'json' : holds,
    mediaType: mediaType ?? promised ?? (holds === 'text' ? 'text/plain' : 'application/octet-stream'),
  };
}

/** The type of a file by its name, for those who do not say it. */
export function typeByName(path: string): ResourceType {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (/^(licen[cs]e|copying|notice)\b/.test(name)) return 'Licence';
  if (/^(tokenizer|vocab|merges|special_tokens_map|added_tokens)\b|\.tiktoken$|\.spm$/.test(name))
    return 'Tokenizer';
  if (name.endsWith('.safetensors')) return 'Model';
  if (name.endsWith('.py')) return 'Python';
  if (name.endsWith('.json')) return 'Json';
  if (/\.(ya?ml|toml|ini|cfg)$/.test(name)) return 'Config';
  if (/\.(md|rst)$/.test(name)) return 'Documentation';
  if (/\.(csv|tsv|parquet|npy|npz|jsonl)$/.test(name)) return 'Data';
  return name.endsWith('.txt') ? 'Text' : 'Binary';
}
