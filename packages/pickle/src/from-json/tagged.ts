import type { EntryIndex } from '../entries.ts';
import { NONE } from '../none.ts';
import type { PickleValue, PyDict } from '../value.ts';
import { decodeComplex, decodeObject, decodeOrderedDict } from './calls.ts';
import { entriesTask } from './entries.ts';
import { bytesOf, integerOf, listOf } from './expect.ts';
import { decodeGlobal } from './global.ts';
import { decodeTagged } from './scalars.ts';
import { type Built, type Fields, listTask, partTask } from './task.ts';

/** The names that a tag may have beside it. */
export function namesBeside(tag: string): readonly string[] {
  return tag === '$odict' ? ['state'] : tag === '$global' ? ['operands', 'states'] : [];
}

/** What a tag of `toJson` stands for; `undefined` for a tag that is none, and for those that name values. */
export function decodeTag(tag: string, fields: Fields, index: EntryIndex): Built | undefined {
  const payload = fields.get(tag)!;
  switch (tag) {
    case '$float':
    case '$int':
    case '$str':
      return [decodeTagged(tag, payload), []];
    case '$bytes':
      return [bytesOf(payload), []];
    case '$bytearray':
      return [{ kind: 'bytearray', bytes: bytesOf(payload) }, []];
    case '$str8':
      return [{ kind: 'str8', bytes: bytesOf(payload) }, []];
    case '$ext':
      return [{ kind: 'extension', code: integerOf(payload) }, []];
    case '$tuple':
    case '$set':
    case '$frozenset': {
      const items: PickleValue[] = [];
      const kind = tag.slice(1) as 'tuple' | 'set' | 'frozenset';
      return [{ kind, items }, [listTask(listOf(payload), items)]];
    }
    case '$dict': {
      const dict: PyDict = { kind: 'dict', keys: NONE, values: NONE };
      return [dict, [entriesTask(payload, dict, index)]];
    }
    case '$complex':
      return [decodeComplex(listOf(payload)), []];
    case '$odict':
      return decodeOrderedDict(payload, fields, index);
    case '$global':
      return decodeGlobal(listOf(payload), fields);
    case '$object':
      return decodeObject(payload, index);
    case '$pid': {
      const value = { kind: 'persistent' as const, id: null as PickleValue };
      const put = (id: PickleValue): void => {
        value.id = id;
      };
      return [value, [partTask(payload, put)]];
    }
    default:
      return undefined;
  }
}
