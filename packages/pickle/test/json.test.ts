import { fromJson, type Json, type PickleValue, toJson } from '@torsh/pickle';
import { describe, expect, test } from 'vitest';

describe('one value, one JSON', () => {
  const list: PickleValue = { kind: 'list', items: [1] };
  const cases: readonly (readonly [PickleValue, Json])[] = [
    [null, null],
    [true, true],
    [1, 1],
    [2n ** 64n, { $int: '18446744073709551616' }],
    [{ kind: 'float', value: 0.5 }, 0.5],
    [{ kind: 'float', value: 1e-7 }, 1e-7],
    [{ kind: 'float', value: 1 }, { $float: '1.0' }],
    [{ kind: 'float', value: 1e22 }, { $float: '1e+22' }],
    [{ kind: 'float', value: -0 }, { $float: '-0.0' }],
    [{ kind: 'float', value: Number.NaN }, { $float: 'nan' }],
    [{ kind: 'float', value: Number.NEGATIVE_INFINITY }, { $float: '-inf' }],
    ['a', 'a'],
    ['\udc00', { $str: [0xdc00] }],
    [Uint8Array.of(1, 2), { $bytes: 'AQI=' }],
    [{ kind: 'tuple', items: [1] }, { $tuple: [1] }],
    [{ kind: 'tuple', items: [list, list] }, { $tuple: [{ $def: [0, [1]] }, { $ref: 0 }] }],
    [{ kind: 'dict', keys: ['a'], values: [1] }, { a: 1 }],
    [{ kind: 'dict', keys: [], values: [] }, {}],
    [{ kind: 'dict', keys: ['0'], values: [1] }, { $dict: [['0', 1]] }],
    [{ kind: 'dict', keys: ['__proto__'], values: [1] }, { $dict: [['__proto__', 1]] }],
    [{ kind: 'dict', keys: ['$a'], values: [1] }, { $dict: [['$a', 1]] }],
    [{ kind: 'dict', keys: [1], values: [1] }, { $dict: [[1, 1]] }],
    [
      { kind: 'dict', keys: ['toString', 'constructor'], values: [1, 2] },
      { toString: 1, constructor: 2 } as unknown as Json,
    ],
    [{ kind: 'global', module: 'm', name: 'f' }, { $global: ['m', 'f'] }],
    [{ kind: 'persistent', id: 'key' }, { $pid: 'key' }],
    [{ kind: 'extension', code: 7 }, { $ext: 7 }],
  ];
  test.each(cases)('case %#', (value, json) => {
    expect(JSON.parse(JSON.stringify(toJson(value)))).toEqual(json);
    expect(fromJson(json)).toEqual(value);
  });
});

test('a cycle', () => {
  const list: PickleValue = { kind: 'list', items: [] };
  list.items.push(list);
  expect(toJson(list)).toEqual({ $def: [0, [{ $ref: 0 }]] });
  const back = fromJson(toJson(list)) as typeof list;
  expect(back.items[0]).toBe(back);
});

test('what is replaced is not gone into, and can be restored', () => {
  const inner: PickleValue = { kind: 'list', items: ['never seen'] };
  const tensor: PickleValue = { kind: 'persistent', id: inner };
  const met: unknown[] = [];
  const json = toJson(
    { kind: 'tuple', items: [tensor, tensor] },
    {
      replace(value) {
        met.push(value);
        return value === tensor ? { $tensor: 'w' } : undefined;
      },
    },
  );
  expect(json).toEqual({ $tuple: [{ $tensor: 'w' }, { $tensor: 'w' }] });
  expect(met).not.toContain(inner);
  expect(
    fromJson(json, { restore: (tag, name) => (tag === 'tensor' && name === 'w' ? 'restored' : undefined) }),
  ).toEqual({
    kind: 'tuple',
    items: ['restored', 'restored'],
  });
});

test.each<Json>([
  { $unknown: 1 },
  { $ref: 0 },
  { $float: 'x' },
  { $int: '1.5' },
  { $bytes: '*' },
  { $tuple: 1 },
  { $dict: [[1]] },
  { $dict: [[[], 1]] },
  { $tuple: [], other: 1 },
  { $complex: [1, 2] },
  { $global: ['m'] },
  { $object: { how: 'reduce', callee: null } },
  { $object: { how: 'magic', callee: null, args: null } },
  { $def: [0, { $def: [1, []] }] },
  { $ext: 'x' },
  1e300,
])('%j is refused', (json) => {
  expect(() => fromJson(json)).toThrow(expect.objectContaining({ code: 'malformed' }));
});
