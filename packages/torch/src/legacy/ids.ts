import { type GlobalUse, isKind, type PickleValue } from '@torsh/pickle';
import { malformed } from '../object/errors.ts';
import { keyOf } from '../object/persistent.ts';
import { storageType } from '../object/storage-types.ts';
import { type ClassCode, classCode } from '../stream/code.ts';
import type { Resolve } from '../stream/reader.ts';
import { parseTuple } from './repr.ts';

/** What the persistent ids of an object say. */
export interface Ids {
  readonly resolve: Resolve;
  /** The storages by key, as the first id that names each of them describes it: torch goes by that one. */
  readonly storages: ReadonlyMap<string, Named>;
  readonly code: readonly ClassCode[];
  /** Classes that are named inside of ids that are text. */
  readonly globals: readonly GlobalUse[];
}

/** A storage before its bytes are found. */
export interface Named {
  readonly className: string;
  readonly numel: number;
  readonly itemBytes: number;
}

/** Understands the persistent ids of an object while it is read; what is wrong with one is told by whoever needs it. */
export function legacyIds(): Ids {
  const storages = new Map<string, Named>();
  const code: ClassCode[] = [];
  const globals: GlobalUse[] = [];

  /** The source of a class comes with its first use; what the id stands for is the class. */
  const meaning = (items: readonly PickleValue[]): PickleValue | undefined => {
    if (items[0] === 'module') {
      code.push(classCode(items.slice(1)));
      return items[1];
    }
    const [kind, type, key, , numel] = items;
    const element = isKind(type, 'global') ? storageType(type.name) : undefined;
    if (kind !== 'storage' || element === undefined || !isKind(type, 'global')) return undefined;
    if (key === undefined || typeof numel !== 'number') return undefined;
    const text = keyOf(key);
    if (!storages.has(text))
      storages.set(text, { className: type.name, numel, itemBytes: element.itemBytes });
    return undefined;
  };

  return {
    storages,
    code,
    globals,
    resolve(id, offset) {
      if (isKind(id, 'tuple')) return meaning(id.items);
      if (typeof id !== 'string') return undefined;
      const parsed = parseTuple(id);
      if (!isKind(parsed, 'tuple')) {
        throw malformed('A persistent id of protocol 0 is not a tuple as torch would have printed it.');
      }
      for (const item of parsed.items) {
        if (isKind(item, 'global'))
          globals.push({ module: item.module, name: item.name, offset, opcode: 'PERSID' });
      }
      return meaning(parsed.items) ?? { kind: 'persistent', id: parsed };
    },
  };
}
