import { TorshError } from '@torsh/bytes';
import type { PickleValue, PyGlobal, PyObject, PyPersistent } from '@torsh/pickle';
import { storageType } from '../../object/storage-types.ts';
import type { Records } from '../../zip/container.ts';
import type { TensorDef } from './definition.ts';
import { storageClass } from './types.ts';

/**
 * The table of tensors as the calls by which later versions would pickle them, so that all that knows those calls serves
 * here too. Tensors on one record share a storage.
 */
export function tableOf(tensors: readonly TensorDef[], container: Records, path: string): PyObject[] {
  const storages = new Map<string, PyPersistent>();
  return tensors.map((tensor, index) => {
    const { dims, strides, offset, requiresGrad, quantised, dataType, key, device } = tensor;
    const className = storageClass(dataType, quantised !== undefined);
    const type = storageType(className ?? '');
    const fail = (message: string, at = path) =>
      new TorshError('malformed', `Tensor ${index} of the table ${message}`, { path: at });
    if (className === undefined || type === undefined)
      throw fail(`is of the type ${dataType}${quantised ? ' (quantised)' : ''}, which torsh does not know.`);
    const record = container.record(key);
    if (record === undefined) throw fail(`lies in the record ${key}, which is missing.`, key);
    if (record.size % type.itemBytes !== 0)
      throw fail(`is made of ${type.itemBytes} bytes a value, and its record has ${record.size}.`, key);
    const identity = `${className} ${key}`;
    const storage =
      storages.get(identity) ??
      persistent(tuple('storage', global('torch', className), key, device, record.size / type.itemBytes));
    storages.set(identity, storage);
    const place = [storage, offset, tuple(...dims), tuple(...strides)];
    if (quantised === undefined) return call('_rebuild_tensor_v2', [...place, requiresGrad, hooks()]);
    const scheme = global('torch', 'per_tensor_affine');
    const scale = { kind: 'float', value: quantised.scale } as const;
    const parameters = tuple(scheme, scale, quantised.zeroPoint);
    return call('_rebuild_qtensor', [...place, parameters, requiresGrad, hooks()]);
  });
}

const tuple = (...items: readonly PickleValue[]): PickleValue => ({ kind: 'tuple', items });
const global = (module: string, name: string): PyGlobal => ({ kind: 'global', module, name });
const persistent = (id: PickleValue): PyPersistent => ({ kind: 'persistent', id });
const hooks = (): PyObject => reduce(global('collections', 'OrderedDict'), []);
const call = (name: string, args: readonly PickleValue[]): PyObject =>
  reduce(global('torch._utils', name), args);

function reduce(callee: PyGlobal, args: readonly PickleValue[]): PyObject {
  return {
    kind: 'object',
    how: 'reduce',
    callee,
    args: tuple(...args),
    states: [],
    items: [],
    keys: [],
    values: [],
  };
}
