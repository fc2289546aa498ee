import type { Model } from '@torsh/core';
import type { PickleValue, PyObject } from '@torsh/pickle';
import { orderedDict } from './call.ts';
import { storageClass } from './storage-types.ts';
import { isQuantised, numelOf, quantisedCall, sizeOf, tensorCall } from './tensor-call.ts';
import { denseStrides } from './view.ts';

/** A model as a plain state dict: an `OrderedDict` of tensors, each the whole of a storage; tied names share theirs. */
export function stateDict({ tensors, aliases }: Model): PyObject {
  const entries: [PickleValue, PickleValue][] = [];
  const add = (name: string, owner: string): void => {
    const { dtype, shape, data } = tensors.get(owner)!;
    const className = storageClass(dtype);
    const size = sizeOf(dtype, shape)!;
    const numel = numelOf(className, dtype, data.size);
    const storage = { key: owner, className, location: 'cpu', numel, bytes: data };
    const make = isQuantised(dtype) ? quantisedCall : tensorCall;
    entries.push([name, make({ storage, dtype, offset: 0, size, stride: denseStrides(size) })]);
  };
  for (const name of tensors.keys()) add(name, name);
  for (const [name, owner] of aliases) add(name, owner);
  return orderedDict(entries);
}
