import { pyDict, pyFloat, pyValue } from '@torsh/torch';
import { isMap, isScalar, isSeq } from 'yaml';
import type { Place, Reader } from './place.ts';

/** A value of Python. */
export type PickledValue = ReturnType<typeof pyValue>;

/** What a value is in Python: 1 is an `int` and 1.0 a `float`, as YAML has it. */
export const pickled: Reader<PickledValue> = (place: Place) => {
  const { node, key, inside, wrong } = place;
  if (node === null) return null;
  if (isScalar(node)) {
    const { value } = node;
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    return typeof value === 'number' ? pyFloat(value) : pyValue(value);
  }
  if (isSeq(node)) return pyValue(node.items.map((item, index) => pickled(inside(item, `${key}[${index}]`))));
  if (isMap(node)) {
    return pyDict(
      node.items.map(({ key: name, value }) => {
        const inner = `${key}.${String(name)}`;
        return [pickled(inside(name, inner)), pickled(inside(value, inner))] as const;
      }),
    );
  }
  throw wrong('must be written out: anchors have no place in a recipe.');
};
