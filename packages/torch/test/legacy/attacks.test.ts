import { assemble, type PickleValue } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import { call, dict, global, list, tensor, tuple, utils } from '../support.ts';
import { countOf, FOUR, KEYS, type Laid, OBJECT, open, refused, storage, stream } from './support.ts';

const whole = tensor({ storage: storage() });
const told = async (bytes: Uint8Array): Promise<string[]> =>
  (await open(bytes)).issues.map(
    ({ severity, code, message }) =>
      `${severity} ${code}${/byte (\d+)/.exec(message)?.[0].replace('byte ', '@') ?? ''}`,
  );

describe('the pickles at the front', () => {
  it.each([
    ['another number than the magic one', { magic: 7 }, 'malformed', 0],
    ['another version', { version: 1000 }, 'unsupported', 1],
    ['no list of storages', { keys: dict() }, 'malformed', KEYS],
    ['a key that is none', { keys: list(tuple()) }, 'malformed', KEYS],
    ['a key twice', { keys: list('0', '0') }, 'malformed', KEYS],
    ['an object that is cut off', { object: Uint8Array.of(0x80, 2, 0x5d) }, 'malformed', OBJECT],
  ] as const)('%s', async (_, parts, code, part) => {
    const { bytes, at } = stream(whole, FOUR, parts);
    expect(await refused(bytes)).toMatch(new RegExp(`^${code} x.pt@`));
    if (part !== OBJECT) expect(await refused(bytes)).toBe(`${code} x.pt@${at[part]}`);
  });

  it('are cut off wherever one likes', async () => {
    const { bytes, at } = stream(whole);
    for (let size = at[0]! + 20; size < bytes.length; size++) {
      expect(await refused(bytes.subarray(0, size)), `${size}`).toMatch(/^truncated x\.pt@\d+$/);
    }
  });

  it('hold limits', async () => {
    const { bytes } = stream(dict(['x', 'y'.repeat(5000)], ['w', whole]));
    expect(await refused(bytes, { pickleBytes: 1000 })).toMatch(/^limit x\.pt@/);
    const many = Array.from({ length: 9 }, (_, index): Laid => ({ ...FOUR[0]!, key: String(index) }));
    expect(await refused(stream(null, many).bytes, { entries: 8 })).toMatch(/^limit x\.pt@/);
  });

  it('may claim a text of gigabytes, which is looked for as far as the limit goes', async () => {
    const object = Uint8Array.of(0x80, 2, 0x58, 0xff, 0xff, 0xff, 0x7f, 0x2e);
    const { bytes, at } = stream(null, FOUR, { object, behind: new Uint8Array(5 * 2 ** 20) });
    expect(await refused(bytes)).toBe(`truncated x.pt@${at[OBJECT]! + 2}`);
  });
});

describe('the lengths of storages', () => {
  it.each<[string, Partial<Laid>, string]>([
    ['one more than the object says', { count: 5 }, 'malformed'],
    ['one less', { count: 3 }, 'malformed'],
    ['a negative one', { count: -1 }, 'malformed'],
    ['one of 2^62', { count: 2n ** 62n }, 'malformed'],
  ])('%s', async (_, change, code) => {
    const { bytes, at } = stream(whole, [{ ...FOUR[0]!, ...change }]);
    expect(await refused(bytes)).toBe(`${code} x.pt@${at[countOf(0)]}`);
  });

  it('more bytes than there are', async () => {
    const numel = 2 ** 50;
    const wide = tensor({ storage: storage({ numel }), size: tuple(numel) });
    const { bytes, at } = stream(wide, [{ ...FOUR[0]!, count: numel }]);
    expect(await refused(bytes)).toBe(`truncated x.pt@${at[countOf(0)]! + 8}`);
  });

  it('of a storage of which nothing says the type, before others', async () => {
    const { bytes, at } = stream(whole, [{ ...FOUR[0]!, key: '-' }, ...FOUR]);
    expect(await refused(bytes)).toBe(`malformed x.pt@${at[countOf(0)]}`);
  });

  it('of such a storage behind all others: what is there is told', async () => {
    const stray = [...FOUR, { ...FOUR[0]!, key: 'x' }, { ...FOUR[0]!, key: 'y' }];
    const { bytes, at } = stream(whole, stray);
    expect(await told(bytes)).toEqual([`loss unused-storage@${at[countOf(1)]! + 8}`]);
  });

  it('of an empty one, which needs no type', async () => {
    expect(
      await told(stream(whole, [{ key: '-', count: 0, bytes: new Uint8Array(0) }, ...FOUR]).bytes),
    ).toEqual([]);
  });

  it('of a storage that the pickle makes and throws away', async () => {
    // The bare storage is put on the stack and taken off again.
    const pickle = assemble(list(storage()));
    const popped = Uint8Array.from([...pickle.subarray(0, -1), 0x30, 0x4e, 0x2e]);
    expect(await told(stream(null, FOUR, { object: popped }).bytes)).toEqual(['loss unused-storage']);
  });
});

describe('tensors', () => {
  const stretch = (from: PickleValue, length: PickleValue) => storage({ stretch: tuple('v', from, length) });
  it.each([
    [
      'on a storage that is not in the file',
      tensor({ storage: storage({ key: 'other' }) }),
      'storages/other',
    ],
    ['beyond the stretch that they are on', tensor({ storage: stretch(0, 3) }), 'storages/v'],
    ['on a stretch beyond its storage', tensor({ storage: stretch(2, 3), size: tuple(3) }), 'storages/0'],
    ['on a stretch before its storage', tensor({ storage: stretch(-1, 3), size: tuple(3) }), 'storages/0'],
    ['on a stretch that is none', tensor({ storage: storage({ stretch: tuple('v', 1) }) }), 'x.pt'],
    ['on a stretch of text', tensor({ storage: stretch('a', 'b') }), 'x.pt'],
    [
      'that begin inside of an element',
      call(utils('_rebuild_tensor_v3'), [
        storage({ type: 'UntypedStorage', numel: 4, stretch: tuple('v', 1, 2) }),
        ...[0, tuple(1), tuple(1), false, null, global('torch', 'uint16')],
      ]),
      'storages/v',
      [{ ...FOUR[0]!, bytes: new Uint8Array(4) }],
    ],
  ])('%s', async (_, top, path, file: readonly Laid[] = FOUR) => {
    expect(await refused(stream(top, file).bytes)).toBe(`malformed ${path}`);
  });

  it('on one storage under two types', async () => {
    const two = list(tensor({ storage: storage() }), tensor({ storage: storage({ type: 'IntStorage' }) }));
    expect(await refused(stream(two).bytes)).toBe('malformed storages/0');
  });
});

describe('persistent ids', () => {
  it('that give the source of something that is not a class', async () => {
    const id = { kind: 'persistent' as const, id: tuple('module', 'os', 'f', 'text') };
    expect(await refused(stream(id, []).bytes)).toMatch(/^malformed x\.pt@/);
  });

  it('of another kind', async () => {
    expect(await refused(stream({ kind: 'persistent', id: tuple('what') }, []).bytes)).toBe('malformed x.pt');
  });

  it.each([
    'storage',
    "('storage', <class 'torch.FloatStorage'>, '0', 'cpu', 4, None) ",
    "('storage', <class 'torch.FloatStorage'>, '0', 'cpu', 4, None",
    "('storage', <class 'torch.FloatStorage'>, '0', 'cpu', 4, None))",
    "('storage' <class 'torch.FloatStorage'>, '0', 'cpu', 4, None)",
    "('storage', __import__('os').getcwd(), '0', 'cpu', 4, None)",
    "('storage', <class 'torch.FloatStorage'>, '0\\q', 'cpu', 4, None)",
    "('storage', <class 'torch.FloatStorage'>, '\\U00110000', 'cpu', 4, None)",
    `${'('.repeat(100_000)}`,
    '(',
    '',
    ')',
    ',',
    '(1,2,)',
    '(,)',
  ])('of protocol 0 that Python would not print so: %#', async (id) => {
    const object = new TextEncoder().encode(`P${id}\n.`);
    const { bytes, at } = stream(null, FOUR, { protocol: 0, object });
    expect(await refused(bytes)).toBe(`malformed x.pt@${at[OBJECT]}`);
  });
});

describe('what lies behind the last storage', () => {
  it('is told, with every name in it', async () => {
    const behind = assemble(call(global('posix', 'getcwd')));
    const { bytes } = stream(whole, FOUR, { behind });
    const end = bytes.length - behind.length;
    expect(await told(bytes)).toEqual([`note opaque@${end + 2}`, `loss bytes-behind-storages@${end}`]);
  });

  it('is another file', async () => {
    const { bytes: behind } = stream(whole);
    const { bytes } = stream(whole, FOUR, { behind });
    const { issues } = await open(bytes);
    expect(issues.map(({ code }) => code)).toEqual(['bytes-behind-storages']);
    expect(issues[0]!.message).toContain('another checkpoint');
  });

  it('is no pickle', async () => {
    const { bytes } = stream(whole, FOUR, { behind: new Uint8Array(3 * 2 ** 20) });
    expect(await told(bytes)).toEqual([`loss bytes-behind-storages@${bytes.length - 3 * 2 ** 20}`]);
  });
});

it('names in the pickles before the object are told as well', async () => {
  const system = dict(['x', global('posix', 'getcwd')]);
  const { bytes, at } = stream(whole, FOUR, { system });
  const [found] = (await open(bytes)).issues;
  expect(found).toMatchObject({ code: 'opaque', subject: 'posix.getcwd' });
  expect(Number(/byte (\d+)/.exec(found!.message)![1])).toBeGreaterThan(at[2]!);
});
