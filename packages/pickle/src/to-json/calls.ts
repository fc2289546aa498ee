import type { OpenJson } from '../json.ts';
import { asComplex, asOrderedDict } from '../python.ts';
import type { PickleValue, PyObject } from '../value.ts';
import { encodeFloat } from './scalars.ts';
import { addList, type Encoded, pairTasks, partTask, type Task } from './task.ts';

/** The JSON of a call: `$complex` or `$odict` for those that it is known to make, `$object` for any other. */
export function encodeCall(value: PyObject): Encoded {
  const complex = asComplex(value);
  if (complex !== undefined) return [{ $complex: complex.map(encodeFloat) }, []];
  const dict = asOrderedDict(value);
  const inner: Task[] = [];
  if (dict !== undefined) {
    const pairs: OpenJson[] = [];
    const json: { [key: string]: OpenJson } = { $odict: pairs };
    inner.push(...pairTasks(dict.keys, dict.values, pairs));
    if ('state' in dict) inner.push(namedTask(json, 'state', dict.state!));
    return [json, inner];
  }
  const body: { [key: string]: OpenJson } = { how: value.how };
  inner.push(namedTask(body, 'callee', value.callee), namedTask(body, 'args', value.args));
  if (value.kwargs !== undefined) inner.push(namedTask(body, 'kwargs', value.kwargs));
  if (value.states.length > 0) addList(body, 'states', value.states, inner);
  if (value.items.length > 0) addList(body, 'items', value.items, inner);
  if (value.keys.length > 0) {
    const pairs: OpenJson[] = [];
    body.entries = pairs;
    inner.push(...pairTasks(value.keys, value.values, pairs));
  }
  return [{ $object: body }, inner];
}

function namedTask(json: { [key: string]: OpenJson }, name: string, part: PickleValue): Task {
  return partTask(part, (written) => {
    json[name] = written;
  });
}
