import { encodeBase64 } from '../base64.ts';
import { isPlainKey, jsonObject, type OpenJson } from '../json.ts';
import { hasLoneSurrogate } from '../utf8.ts';
import type { PickleValue, PyGlobal } from '../value.ts';
import { encodeCall } from './calls.ts';
import { encodeScalar } from './scalars.ts';
import { addList, type Encoded, listTasks, type Node, pairTasks, partTask, type Task } from './task.ts';

/** The JSON of one value by itself, whatever else refers to it. */
export function encodeParts(value: Node): Encoded {
  if (value instanceof Uint8Array) return [{ $bytes: encodeBase64(value) }, []];
  switch (value.kind) {
    case 'str8':
      return [{ $str8: encodeBase64(value.bytes) }, []];
    case 'bytearray':
      return [{ $bytearray: encodeBase64(value.bytes) }, []];
    case 'extension':
      return [{ $ext: value.code }, []];
    case 'list': {
      const list: OpenJson[] = [];
      return [list, listTasks(value.items, list)];
    }
    case 'tuple':
    case 'set':
    case 'frozenset': {
      const list: OpenJson[] = [];
      return [{ [`$${value.kind}`]: list }, listTasks(value.items, list)];
    }
    case 'dict':
      return encodeDict(value.keys, value.values);
    case 'global':
      return encodeGlobal(value);
    case 'persistent': {
      const json = jsonObject();
      const put = (id: OpenJson): void => {
        json.$pid = id;
      };
      return [json, [partTask(value.id, put)]];
    }
    case 'object':
      return encodeCall(value);
  }
}

function encodeDict(keys: readonly PickleValue[], values: readonly PickleValue[]): Encoded {
  if (keys.every((key) => typeof key === 'string' && isPlainKey(key) && !hasLoneSurrogate(key))) {
    const names = keys as readonly string[];
    const json = jsonObject();
    const put = (part: OpenJson, at: number): void => {
      json[names[at]!] = part;
    };
    return [json, values.length === 0 ? [] : [{ parts: values, at: 0, put, names }]];
  }
  const pairs: OpenJson[] = [];
  return [{ $dict: pairs }, pairTasks(keys, values, pairs)];
}

function encodeGlobal({ module, name, operands, states }: PyGlobal): Encoded {
  const json: { [key: string]: OpenJson } = { $global: [encodeScalar(module)!, encodeScalar(name)!] };
  const inner: Task[] = [];
  if (operands !== undefined) addList(json, 'operands', operands, inner);
  if (states !== undefined) addList(json, 'states', states, inner);
  return [json, inner];
}
