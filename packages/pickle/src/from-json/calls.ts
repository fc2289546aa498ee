import { call, callWithKeywords } from '../calls.ts';
import type { EntryIndex } from '../entries.ts';
import type { Json } from '../json.ts';
import type { Open } from '../none.ts';
import type { PickleValue, PyFloat, PyObject } from '../value.ts';
import { entriesTask } from './entries.ts';
import { allow, isArray, listOf, wrong } from './expect.ts';
import { decodeScalar } from './scalars.ts';
import { type Built, type Fields, listTask, partTask, type Task } from './task.ts';

const HOWS: ReadonlySet<string> = new Set(['reduce', 'newobj', 'newobj_ex', 'inst', 'obj']);

/** `$object`: a call that was not made. */
export function decodeObject(payload: Json, index: EntryIndex): Built {
  if (payload === null || typeof payload !== 'object' || isArray(payload))
    throw wrong('$object must have parts');
  const fields: Fields = new Map(Object.entries(payload));
  allow(fields, 'how', ['callee', 'args', 'kwargs', 'states', 'items', 'entries']);
  const how = fields.get('how') as PyObject['how'];
  if (!HOWS.has(how)) throw wrong('$object must say how it is made');
  const made: Open<PyObject> = fields.has('kwargs')
    ? callWithKeywords(how, null, null, null)
    : call(how, null, null);
  const inner: Task[] = [];
  for (const name of ['callee', 'args', 'kwargs'] as const) {
    const part = fields.get(name);
    if (part !== undefined) {
      inner.push(
        partTask(part, (value) => {
          made[name] = value;
        }),
      );
    } else if (name !== 'kwargs') {
      throw wrong(`$object must have ${name}`);
    }
  }
  for (const name of ['states', 'items'] as const) {
    const list = fields.get(name);
    if (list === undefined) continue;
    const into: PickleValue[] = [];
    made[name] = into;
    inner.push(listTask(listOf(list), into));
  }
  const entries = fields.get('entries');
  if (entries !== undefined) inner.push(entriesTask(entries, made, index));
  return [made, inner];
}

/** `$complex`: two floats. */
export function decodeComplex(parts: readonly Json[]): PyObject {
  const [real, imaginary] = parts.map(decodeScalar);
  if (parts.length !== 2 || !isFloat(real) || !isFloat(imaginary))
    throw wrong('$complex must have two floats');
  return named('builtins', 'complex', [real, imaginary]);
}

/** `$odict`: an `OrderedDict`, with its state. */
export function decodeOrderedDict(payload: Json, fields: Fields, index: EntryIndex): Built {
  const value: Open<PyObject> = named('collections', 'OrderedDict', []);
  const inner = [entriesTask(payload, value, index)];
  const state = fields.get('state');
  if (state !== undefined) {
    const states: PickleValue[] = [];
    value.states = states;
    inner.push(listTask([state], states));
  }
  return [value, inner];
}

function named(module: string, name: string, items: readonly PickleValue[]): PyObject {
  return call('reduce', { kind: 'global', module, name }, { kind: 'tuple', items });
}

function isFloat(value: PickleValue | undefined): value is PyFloat {
  return (
    typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && value.kind === 'float'
  );
}
