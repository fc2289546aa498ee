import { defaultLimits } from '@torsh/bytes';
import { assemble, fromJson, interpret, type Json, type PickleValue, toJson } from '@torsh/pickle';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { difference } from './support.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '',
    '__proto__',
    'constructor',
    '0',
    '10',
    '$ref',
    '\ud800',
    'a\udc00b',
    '\\u0041',
    '\\',
    '\r\n\0\x1a',
    'x'.repeat(300),
  ),
);
const bytes = fc.uint8Array({ maxLength: 300 });
const int = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, 255, 256, 65535, 65536, -(2 ** 31), 2 ** 31),
  fc
    .bigInt()
    .map((value) => (BigInt.asIntN(54, value) === value ? value + 2n ** 60n : value))
    .filter((value) => !Number.isSafeInteger(Number(value))),
);
const float = fc
  .oneof(fc.double(), fc.constantFrom(0, -0, 1e22, 1e-7, 5e-324))
  .map((value): PickleValue => ({ kind: 'float', value }));
const name = fc
  .constantFrom('builtins', 'copyreg', 'torch', 'm')
  .chain((module) =>
    fc
      .constantFrom('f', 'range', 'Inner', 'ValueError')
      .map((thing): PickleValue => ({ kind: 'global', module, name: thing })),
  );
const scalar: fc.Arbitrary<PickleValue> = fc.oneof(
  fc.constantFrom<PickleValue>(
    null,
    true,
    false,
    { kind: 'extension', code: 1 },
    { kind: 'extension', code: 70_000 },
  ),
  int,
  float,
  text,
  bytes,
  bytes.map((content): PickleValue => ({ kind: 'bytearray', bytes: content })),
  bytes.map((content): PickleValue => ({ kind: 'str8', bytes: Uint8Array.of(0xff, ...content) })),
  name,
);
/** Keys are plainly different, so that none is lost. */
const keys = fc.uniqueArray(fc.oneof(text, fc.integer({ min: 2 })), { maxLength: 5 });

/** One value of a graph; `parts` are numbers of other values, taken modulo what there is. */
interface Plan {
  readonly kind:
    | 'list'
    | 'dict'
    | 'tuple'
    | 'set'
    | 'frozenset'
    | 'object'
    | 'odict'
    | 'persistent'
    | 'scalar';
  readonly parts: readonly number[];
  readonly keys: readonly PickleValue[];
  readonly scalar: PickleValue;
  readonly how: number;
}
const plan: fc.Arbitrary<Plan> = fc.record({
  kind: fc.constantFrom(
    'list',
    'dict',
    'tuple',
    'set',
    'frozenset',
    'object',
    'odict',
    'persistent',
    'scalar',
  ),
  parts: fc.array(fc.nat(1000), { maxLength: 5 }),
  keys,
  scalar,
  how: fc.nat(4),
});
const CALLS = ['reduce', 'newobj', 'newobj_ex', 'inst', 'obj'] as const;

/** Values from plans: what is made whole refers to earlier ones, what is filled later refers to any. */
function build(plans: readonly Plan[]): PickleValue {
  const made: PickleValue[] = [];
  const callee: PickleValue = { kind: 'global', module: 'm', name: 'C' };
  for (const { kind, parts, keys: names, scalar: atom, how } of plans) {
    const earlier = made.length === 0 ? [] : parts.map((part) => made[part % made.length]!);
    const args: PickleValue = { kind: 'tuple', items: earlier };
    const object = { kind: 'object', args, states: [], items: [], keys: [], values: [] } as const;
    const call = CALLS[how]!;
    const made1: Record<Plan['kind'], () => PickleValue> = {
      list: () => ({ kind: 'list', items: [] }),
      dict: () => ({ kind: 'dict', keys: [], values: [] }),
      tuple: () => args,
      set: () => ({ kind: 'set', items: [...names] }),
      frozenset: () => ({ kind: 'frozenset', items: names }),
      object: () => ({
        ...object,
        how: call,
        callee,
        states: [],
        items: [],
        keys: [],
        values: [],
        ...(call === 'newobj_ex' ? { kwargs: { kind: 'dict', keys: [], values: [] } } : {}),
      }),
      odict: () => ({
        ...object,
        how: 'reduce',
        callee: { kind: 'global', module: 'collections', name: 'OrderedDict' },
        args: { kind: 'tuple', items: [] },
        states: [],
        items: [],
        keys: [],
        values: [],
      }),
      persistent: () => ({ kind: 'persistent', id: args }),
      scalar: () => atom,
    };
    made.push(made1[kind]());
  }
  for (const [at, { kind, parts, keys: names }] of plans.entries()) {
    const value = made[at]!;
    const any = parts.map((part) => made[part % made.length]!);
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) continue;
    if (value.kind === 'list') value.items.push(...any);
    if (value.kind === 'dict' || (value.kind === 'object' && kind === 'odict')) {
      for (const [index, key] of names.entries()) {
        value.keys.push(key);
        value.values.push(any.length === 0 ? null : any[index % any.length]!);
      }
    }
    if (value.kind === 'object' && any.length > 0) {
      value.states.push(any[0]!);
      if (kind === 'object') value.items.push(...any.slice(1));
    }
  }
  return { kind: 'list', items: made };
}
const value = fc.array(plan, { minLength: 1, maxLength: 12 }).map(build);

describe('what is written is read back the same, sharing and cycles included', () => {
  test.each([0, 1, 2, 3, 4, 5] as const)('protocol %d', (protocol) => {
    fc.assert(
      fc.property(value, (given) => {
        const pickle = assemble(given, { protocol });
        const back = interpret(pickle, defaultLimits);
        expect(difference(given, plainCalls(back.value))).toBeUndefined();
        expect(back.end).toBe(pickle.length);
        // Calls that an old protocol cannot spell are spelled once; from then on nothing changes.
        expect(assemble(back.value, { protocol })).toEqual(pickle);
      }),
      { numRuns: 300 },
    );
  });

  test('typed JSON', () => {
    fc.assert(
      fc.property(value, (given) => {
        const json = JSON.stringify(toJson(given));
        expect(difference(given, fromJson(JSON.parse(json) as Json))).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

/** `copyreg.__newobj__` and its like are what protocols without an opcode call; INST is what protocol 0 has for OBJ. */
function plainCalls(root: PickleValue): PickleValue {
  const seen = new Set<object>();
  const work: PickleValue[] = [root];
  while (work.length > 0) {
    const at = work.pop()!;
    if (typeof at !== 'object' || at === null || at instanceof Uint8Array || seen.has(at)) continue;
    seen.add(at);
    if ('items' in at) work.push(...at.items);
    if ('values' in at) work.push(...at.values, ...at.keys);
    if (at.kind === 'persistent') work.push(at.id);
    if (at.kind !== 'object') continue;
    work.push(at.callee, at.args, ...at.states);
    const { callee, args } = at;
    const object = at as { -readonly [K in keyof typeof at]: (typeof at)[K] };
    if (
      typeof callee !== 'object' ||
      callee === null ||
      callee instanceof Uint8Array ||
      callee.kind !== 'global'
    )
      continue;
    const items = (args as { items: PickleValue[] }).items;
    if (/^copy_?reg$/.test(callee.module) && callee.name === '__newobj__') {
      Object.assign(object, {
        how: 'newobj',
        callee: items[0],
        args: { kind: 'tuple', items: items.slice(1) },
      });
    } else if (/^copy_?reg$/.test(callee.module) && callee.name === '__newobj_ex__') {
      Object.assign(object, { how: 'newobj_ex', callee: items[0], args: items[1], kwargs: items[2] });
    }
  }
  return root;
}

test('fetches a class in a class by getattr where names must have no dots', () => {
  const inner: PickleValue = { kind: 'global', module: 'm', name: 'Outer.Inner' };
  const spelled = (options: Parameters<typeof assemble>[1]) =>
    interpret(assemble(inner, options), defaultLimits).globals.map(({ name }) => name);
  expect(spelled({ protocol: 4 })).toEqual(['Outer.Inner']);
  expect(spelled({ protocol: 4, dottedNames: false })).toEqual(['getattr', 'Outer']);
  expect(spelled({ protocol: 3, dottedNames: true })).toEqual(['getattr', 'Outer']);
});
