import type { Json } from '../json.ts';
import type { PickleValue } from '../value.ts';
import { listOf, wrong } from './expect.ts';
import { decodeScalar } from './scalars.ts';
import { type Built, type Fields, listTask, type Task } from './task.ts';

/** `$global`: a class or function, with what no honest file puts into one. */
export function decodeGlobal(parts: readonly Json[], fields: Fields): Built {
  const [module, name] = parts.map(decodeScalar);
  if (parts.length !== 2 || typeof module !== 'string' || typeof name !== 'string') {
    throw wrong('$global must have a module and a name');
  }
  const operands: PickleValue[] = [];
  const states: PickleValue[] = [];
  const inner: Task[] = [];
  if (fields.has('operands')) inner.push(listTask(listOf(fields.get('operands')!), operands));
  if (fields.has('states')) inner.push(listTask(listOf(fields.get('states')!), states));
  const value = {
    kind: 'global' as const,
    module,
    name,
    ...(fields.has('operands')
      ? { operands: operands as unknown as readonly [PickleValue, PickleValue] }
      : {}),
    ...(fields.has('states') ? { states } : {}),
  };
  return [value, inner];
}
