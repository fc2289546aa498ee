import { assemble, type PickleValue } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import {
  call,
  dict,
  FOUR_FLOATS,
  file,
  global,
  list,
  open,
  openAndRead,
  ordered,
  refusal,
  refused,
  storage,
  tensor,
  tuple,
  utils,
} from '../support.ts';

const own = global('my', 'Class');

/** A value put into itself again and again. */
function nested(
  depth: number,
  around: (inner: PickleValue) => PickleValue,
  inner: PickleValue = tensor(),
): PickleValue {
  let value = inner;
  for (let level = 0; level < depth; level++) value = around(value);
  return value;
}

/** `opcodes`, each a byte or bytes. */
function pickle(...opcodes: readonly (number | Uint8Array | string)[]): { pickle: Uint8Array } {
  return {
    pickle: new Uint8Array(
      Buffer.concat(
        opcodes.map((each) => (typeof each === 'number' ? Uint8Array.of(each) : Buffer.from(each as string))),
      ),
    ),
  };
}

const BINGET_0 = Uint8Array.of(0x68, 0);
const APPEND = 0x61;

describe('nesting', () => {
  const ways: readonly (readonly [what: string, around: (inner: PickleValue) => PickleValue])[] = [
    ['lists', (inner) => list(inner)],
    ['tuples', (inner) => tuple(inner)],
    ['dictionaries', (inner) => dict(['a', inner])],
    ['ordered dictionaries', (inner) => ordered(['a', inner])],
    [
      'states of ordered dictionaries',
      (inner) => call(global('collections', 'OrderedDict'), [], { states: [inner] }),
    ],
    ['arguments of calls', (inner) => call(own, [inner])],
    ['states of objects', (inner) => call(own, [], { states: [inner] })],
    ['attributes of objects', (inner) => call(own, [], { states: [tuple(dict(['a', inner]), null)] })],
    ['what is called', (inner) => call(inner)],
    ['parameters', (inner) => call(utils('_rebuild_parameter'), [inner, true, ordered()])],
    [
      'subclasses',
      (inner) => call(global('torch._tensor', '_rebuild_from_type_v2'), [own, own, tuple(inner), dict()]),
    ],
  ];

  it.each(ways)(
    'of %s: refused where it is too deep, and no stack is exhausted before',
    async (_, around) => {
      expect(await refused(await file(nested(10_000, around)))).toBe('limit data.pkl');
      // The deepest that the limit lets through.
      const outcomes = new Set<string>();
      for (let depth = 1020; depth > 0; depth -= 20) {
        const bytes = await file(nested(depth, around));
        outcomes.add(
          await open(bytes).then(
            () => 'fine',
            ({ code }) => code,
          ),
        );
      }
      expect([...outcomes]).toEqual(['limit', 'fine']);
    },
  );

  it('of subclasses whose function makes a subclass', async () => {
    const fromType = global('torch._tensor', '_rebuild_from_type_v2');
    let [callee, args]: [PickleValue, PickleValue] = [utils('_rebuild_tensor_v2'), tensor().args];
    for (let level = 0; level < 10_000; level++)
      [callee, args] = [fromType, tuple(callee, own, args, dict())];
    expect(await refused(await file(call(callee, [], { args })))).toBe('limit data.pkl');
  });

  it('of keys that are tuples', async () => {
    const key = nested(10_000, (inner) => tuple(inner), 1);
    expect(await refused(await file(dict([key, tensor()])))).toBe('limit data.pkl');
  });
});

describe('few bytes that mean much', () => {
  it('takes lists that double forty times and hold nothing', async () => {
    const { model, issues } = await openAndRead(
      await file(
        nested(40, (inner) => list(inner, inner), list()),
        {},
      ),
    );
    expect([model.tensors.size, issues]).toEqual([0, []]);
  });

  it('refuses lists that double thirty times and hold a tensor: a thousand million names', async () => {
    const bytes = await file(nested(30, (inner) => list(inner, inner)));
    expect(await refused(bytes, { entries: 10_000 })).toBe('limit data.pkl');
  });

  it('refuses lists that double in their keys and states as well', async () => {
    const around = (inner: PickleValue) =>
      call(own, [inner], { states: [dict(['a', inner], ['b', list(inner)])] });
    expect(await refused(await file(nested(30, around)), { entries: 10_000 })).toBe('limit data.pkl');
  });

  it('refuses a list of a tensor and many numbers that is named many times', async () => {
    // 2,000 × 2,000 steps to name 2,000 tensors: the steps are counted and not the tensors only.
    const row = list(tensor(), ...new Array<number>(2000).fill(0));
    const bytes = await file(list(...new Array<PickleValue>(2000).fill(row)));
    expect(bytes.length).toBeLessThan(20_000);
    expect(await refused(bytes, { pickleSteps: 100_000 })).toBe('limit data.pkl');
    expect((await open(bytes)).model.aliases.size).toBe(1999);
  });

  it('refuses a long key above many tensors, and takes it where it names none', async () => {
    const key = 'k'.repeat(1_000_000);
    const many = list(...new Array<PickleValue>(2000).fill(tensor()));
    expect(await refused(await file(dict([key, many])))).toBe('limit data.pkl');
    await openAndRead(await file(dict([key, list(1, 2)], ['a', tensor()])));
  });

  it('refuses names that are long together', async () => {
    const many = list(...Array.from({ length: 300 }, () => tensor()));
    const bytes = await file(dict(['k'.repeat(4000), many]));
    expect((await open(bytes)).model.aliases.size).toBe(299);
    expect(await refused(bytes, { headerBytes: 1_000_000 })).toBe('limit data.pkl');
  });

  it('does not print keys to their ends that double at every level', async () => {
    // Ten items of ten items of …: 10^5 as text at the depth where printing stops, 10^40 without it.
    const key = nested(40, (inner) => tuple(...new Array<PickleValue>(10).fill(inner)), 'x');
    expect(await refused(await file(dict([key, tensor()])))).toBe('limit data.pkl');
    await openAndRead(await file(dict([key, 'no tensor'], ['a', tensor()])));
  });

  it('does not print a number of a million digits, as a key', async () => {
    expect(await refused(await file(dict([1n << 4_000_000n, tensor()])))).toBe('limit data.pkl');
    expect(await refused(await file(dict([new Uint8Array(1_000_000), tensor()])))).toBe('limit data.pkl');
  });

  it.each([
    ['text', Buffer.concat([Uint8Array.of(0x58, 0x40, 0x42, 0x0f, 0), Buffer.alloc(1_000_000, 'a')])],
    [
      'half characters',
      Buffer.concat([
        Uint8Array.of(0x58, 0xa0, 0xbb, 0x0d, 0),
        Buffer.alloc(900_000, '\xed\xa0\x80', 'latin1'),
      ]),
    ],
    ['number', Buffer.concat([Uint8Array.of(0x8b, 0x40, 0x42, 0x0f, 0), Buffer.alloc(1_000_000, 1)])],
    ['name', Buffer.concat([Buffer.from('cm\n'), Buffer.alloc(1_000_000, 'n'), Buffer.from('\n')])],
  ])('refuses a %s of a megabyte that is named a hundred times', async (_, long) => {
    const again = Array.from({ length: 100 }, () => [BINGET_0, APPEND]).flat();
    const bomb = pickle(0x80, 2, 0x5d, long, 0x71, 0, APPEND, ...again, 0x2e);
    const limits = { pickleBytes: 20_000_000 };
    expect(await refused(await file(bomb, {}), limits)).toBe('limit data.pkl');
    const once = pickle(0x80, 2, 0x5d, long, 0x71, 0, APPEND, 0x2e);
    await openAndRead(await file(once, {}), limits);
  });

  it('refuses a long key of many dictionaries', async () => {
    const key = 'k'.repeat(1_000_000);
    const many = list(...Array.from({ length: 100 }, () => dict([key, 1])));
    expect(await refused(await file(many, {}), { pickleBytes: 20_000_000 })).toBe('limit data.pkl');
  });
});

describe('objects that are in themselves', () => {
  it('names each tensor once', async () => {
    const inner = list(tensor());
    const outer = dict(['inner', inner], ['last', tensor({ storage: storage({ key: '1' }) })]);
    inner.items.push(inner, outer);
    outer.values.push(outer);
    outer.keys.push('self');
    const bytes = await file(outer, { ...FOUR_FLOATS, 'data/1': new Uint8Array(16) });
    const { model, torch } = await openAndRead(bytes);
    expect([...model.tensors.keys()]).toEqual(['inner.0', 'last']);
    expect(JSON.stringify(torch.structure)).toContain('$ref');
  });

  it('refuses a tensor whose own arguments are in themselves', async () => {
    // The memo gets the empty list, which becomes the arguments and then an argument.
    const args = list();
    const itself = call(utils('_rebuild_tensor_v2'), [], { args });
    args.items.push(itself, 0, tuple(4), tuple(1), false, ordered());
    expect(await refused(await file(itself))).toBe('malformed data.pkl');
  });

  it('takes a state that is the object', async () => {
    const object = call(own, [tensor()]);
    object.states.push(object);
    expect([...(await openAndRead(await file(object))).model.tensors.keys()]).toEqual(['0']);
  });

  it('refuses a persistent id around itself', async () => {
    const id = list('storage', global('torch', 'FloatStorage'), '0', 'cpu', 4);
    id.items.push({ kind: 'persistent', id });
    expect(await refused(await file({ kind: 'persistent', id }))).toBe('malformed data.pkl');
  });
});

describe('keys', () => {
  it('that every JavaScript object has are keys like others', async () => {
    const names = [
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'length',
      '0',
      '$tensor',
      '$ref',
    ];
    const bytes = await file(dict(...names.map((name) => [name, dict([name, tensor()])] as const)));
    const { model, torch } = await openAndRead(bytes);
    expect([...model.tensors.keys(), ...model.aliases.keys()]).toEqual(
      names.map((name) => `${name}.${name}`),
    );
    expect(Object.prototype).not.toHaveProperty('tensor');
    const text = JSON.stringify(torch);
    for (const name of names) expect(text).toContain(JSON.stringify(name));
    expect(Object.getPrototypeOf(JSON.parse(text))).toBe(Object.prototype);
  });

  it('that are the names of storages are keys like others', async () => {
    const shared = storage({ key: '__proto__' });
    const views = [tensor({ storage: shared }), tensor({ storage: shared, size: tuple(2) })];
    const { torch } = await openAndRead(await file(list(...views), { 'data/__proto__': new Uint8Array(16) }));
    expect(Object.keys(torch.storages as object)).toEqual(['__proto__']);
  });

  it('that are tensors, or hold one, are kept, and are no part of the model', async () => {
    for (const [name, key] of [
      ['key 0', tensor()],
      ['key 0.1', tuple('a', tensor())],
      ['key 0.0', { kind: 'frozenset', items: [tensor()] }],
    ] as const) {
      const { archive, model, issues, torch } = await openAndRead(await file(dict([key, 1])));
      expect(model.tensors.size).toBe(0);
      expect([...archive.models.get('extra')!.tensors.keys()]).toEqual([name]);
      expect(issues).toMatchObject([{ code: 'extra', severity: 'note', subject: name }]);
      expect(JSON.stringify(torch.structure)).toContain(`{"$tensor":"${name}","model":"extra"}`);
    }
  });

  it('of a set are items of it', async () => {
    for (const kind of ['set', 'frozenset'] as const) {
      const { model } = await openAndRead(await file({ kind, items: [1, tensor()] }));
      expect([...model.tensors.keys()]).toEqual(['1']);
    }
  });

  it('that look alike become names that differ', async () => {
    const keys: PickleValue[] = [
      'a.b',
      '1',
      1,
      '(1,)',
      tuple(1),
      '',
      '\0',
      '_',
      '__metadata__',
      'None',
      null,
    ];
    const { model } = await openAndRead(await file(dict(...keys.map((key) => [key, tensor()] as const))));
    const found = [...model.tensors.keys(), ...model.aliases.keys()];
    expect(found).toEqual([
      'a.b',
      '1',
      '1~2',
      '(1,)',
      '(1,)~2',
      '_',
      '_~2',
      '_~3',
      '__metadata__~2',
      'None',
      'None~2',
    ]);
  });

  it('that claim a name that a later tensor would get do not get it twice', async () => {
    const { model } = await openAndRead(
      await file(
        dict(['a~2', tensor()], ['a', dict(['b', tensor()])], ['a.b', tensor()], ['a.b~2', tensor()]),
      ),
    );
    expect(new Set([...model.tensors.keys(), ...model.aliases.keys()]).size).toBe(4);
  });
});

describe('pickles that are no object', () => {
  it.each([
    ['is empty', new Uint8Array(0), 'truncated'],
    ['is cut off before its end', assemble(tensor()).slice(0, -1), 'truncated'],
    ['is a text', new TextEncoder().encode('hello, world'), 'malformed'],
    ['takes from an empty stack', Uint8Array.of(0x80, 2, 0x86, 0x2e), 'malformed'],
    ['fetches what was never kept', Uint8Array.of(0x80, 2, 0x68, 9, 0x2e), 'malformed'],
    ['is of a protocol of the future', Uint8Array.of(0x80, 9, 0x4e, 0x2e), 'unsupported'],
    ['claims a text of 4 GB', Uint8Array.of(0x80, 2, 0x58, 0xff, 0xff, 0xff, 0xff, 0x2e), 'truncated'],
    [
      'keeps at the end of the memo',
      Uint8Array.of(0x80, 2, 0x4e, 0x72, 0xff, 0xff, 0xff, 0xff, 0x2e),
      'fine',
    ],
    [
      'has a frame beyond its end',
      Uint8Array.of(0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 1, 0, 0x4e, 0x2e),
      'truncated',
    ],
  ])('which %s', async (_, bytes, expected) => {
    const made = await file({ pickle: bytes }, {});
    if (expected === 'fine') await openAndRead(made);
    else expect((await refusal(made)).code).toBe(expected);
  });

  it('are refused where they have too many opcodes, items, objects or bytes', async () => {
    const many = await file(list(...Array.from({ length: 1000 }, () => list(tuple('a')))), {});
    expect(await refused(many, { pickleSteps: 1000 })).toBe('limit data.pkl');
    expect(await refused(many, { pickleStack: 100 })).toBe('limit data.pkl');
    expect(await refused(many, { pickleObjects: 1000 })).toBe('limit data.pkl');
    expect((await refusal(many, { pickleBytes: 1000 })).code).toBe('limit');
  });
});
