import { assemble, type PickleValue, type PyObject } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import { call, dict, global, list, storage, tensor, tuple } from '../support.ts';
import { compiled, declared, inFolder, namesIn, openScript, refusal, refused, script } from './support.ts';

const NET = { '__torch__.py': declared('Net', ['weight'], ['steps']) };
const GOOD = {
  'data.pkl': assemble(compiled('Net', {})),
  'constants.pkl': assemble(tuple()),
  version: '3\n',
};

const net = (fields: Readonly<Record<string, PickleValue>>): PyObject => compiled('Net', fields);

describe('modules that no one would write', () => {
  it('one that holds itself', async () => {
    const fields = dict(['weight', tensor()]);
    const top = call(global('__torch__', 'Net'), [], { how: 'newobj', states: [fields] });
    fields.keys.push('self');
    fields.values.push(top);
    const opened = await openScript(await script(top, { code: NET }));
    expect(namesIn(opened, 'model')).toEqual(['weight']);
  });

  /** Each level holds the next twice: 2^levels ways lead to the innermost. */
  const doubled = (innermost: PyObject, levels: number): PyObject => {
    let top = innermost;
    for (let level = 0; level < levels; level++) top = net({ a: top, b: top });
    return top;
  };

  it('one that has 2^60 ways to nothing', async () => {
    const opened = await openScript(await script(doubled(net({}), 60), { code: NET }));
    expect(namesIn(opened, 'model')).toEqual([]);
  });

  it('one that has 2^60 ways to a tensor', async () => {
    const file = await script(doubled(net({ weight: tensor() }), 60), { code: NET });
    expect(await refused(file, { entries: 1000 })).toBe('limit data.pkl');
  });

  it('one that has 2^60 ways to an attribute', async () => {
    const file = await script(doubled(net({ other: tensor() }), 60), { code: NET });
    expect(await refused(file, { entries: 1000 })).toBe('limit data.pkl');
  });

  it('one that has many fields in many places', async () => {
    const fields = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`f${index}`, index]));
    const wide = net({ ...fields, weight: tensor() });
    const top = net(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`m${index}`, wide])));
    expect(await refused(await script(top, { code: NET }), { pickleSteps: 60_000 })).toBe('limit data.pkl');
  });

  it('one that is too deep', async () => {
    let top = net({ weight: tensor() });
    for (let level = 0; level < 1200; level++) top = net({ m: top });
    expect(await refused(await script(top, { code: NET }))).toBe('limit data.pkl');
  });

  it('one with names that are too long, if a tensor has them', async () => {
    const long = 'x'.repeat(5000);
    const nothing = await script(net({ [long]: net({}), weight: tensor() }), { code: NET });
    expect(namesIn(await openScript(nothing), 'model')).toEqual(['weight']);
    const something = await script(net({ [long]: net({ weight: tensor() }) }), { code: NET });
    expect(await refused(something)).toBe('limit data.pkl');
  });

  it.each<[string, PickleValue]>([
    ['a number', 1],
    ['nothing', null],
    ['fields that are no texts', compiled('Net', dict([1, tensor()]))],
    ['a class that is not compiled', call(global('os', 'system'), ['x'], { how: 'newobj' })],
  ])('%s in the place of one', async (_, top) => {
    const opened = await openScript(await script(top, { code: NET }));
    expect(namesIn(opened, 'model')).toEqual([]);
  });

  it('a parameter that is no tensor, and a buffer that is a module', async () => {
    const opened = await openScript(
      await script(net({ weight: list(1, tensor()), steps: net({ weight: tensor() }) }), { code: NET }),
    );
    expect(namesIn(opened, 'model')).toEqual(['weight.1']);
    expect([...opened.model.aliases]).toEqual([
      ['steps.weight', 'weight.1'],
      ['steps.weight~2', 'weight.1'],
    ]);
  });
});

describe('records that are not as torch writes them', () => {
  it.each([
    ['no data.pkl', { 'constants.pkl': GOOD['constants.pkl'] }, 'malformed m/data.pkl'],
    ['a list of constants', { ...GOOD, 'constants.pkl': assemble(list()) }, 'malformed constants.pkl'],
    ['no pickle of constants', { ...GOOD, 'constants.pkl': '' }, 'truncated constants.pkl'],
    [
      'a pickle that is cut off',
      { ...GOOD, 'data.pkl': GOOD['data.pkl'].subarray(0, 9) },
      'truncated data.pkl',
    ],
    [
      'code that is no text',
      { ...GOOD, 'code/__torch__.py': Uint8Array.of(0xff) },
      'malformed code/__torch__.py',
    ],
    ['a word for a byte order', { ...GOOD, byteorder: 'middle' }, 'malformed byteorder'],
  ])('%s', async (_, records, expected) => {
    expect(await refused(await inFolder(records))).toBe(expected);
  });

  it('code that is too long to be looked through', async () => {
    const code = { '__torch__.py': `${NET['__torch__.py']}${' '.repeat(2000)}` };
    const file = await script(net({}), { code });
    expect(await refused(file, { headerBytes: 1000 })).toBe('limit code/__torch__.py');
  });

  it.each<[string, PickleValue, string]>([
    ['a storage that is missing', tensor({ storage: storage({ key: '5' }) }), 'malformed data/5'],
    ['a storage that is shorter', tensor({ storage: storage({ numel: 5 }) }), 'malformed data/0'],
    ['a tensor beyond its storage', tensor({ offset: 1 }), 'malformed data/0'],
    ['a sparse layout that is none', sparse(9), 'malformed data.pkl'],
    ['a sparse tensor without its parts', sparse(2), 'malformed data.pkl'],
  ])('%s', async (_, weight, expected) => {
    expect(await refused(await script(net({ weight }), { code: NET }))).toBe(expected);
    expect(await refused(await script(net({}), { code: NET, constants: tuple(weight) }))).toBe(
      expected.replace('data.pkl', 'constants.pkl').replace('data/5', 'constants/5'),
    );
  });

  it('a path that leaves its folder', async () => {
    expect((await refusal(await inFolder({ ...GOOD, 'extra/../../x': '' }))).code).toBe('unsafe');
  });

  it('a number of a tensor in a file that has no table of them is data', async () => {
    const number = call(global('torch.jit._pickle', 'build_tensor_from_id'), [3]);
    const opened = await openScript(await script(net({ weight: number }), { code: NET }));
    expect(namesIn(opened, 'model')).toEqual([]);
  });
});

function sparse(layout: number): PickleValue {
  const args = [layout, tuple(2, 2), false, tensor()];
  return call(global('torch._utils', '_rebuild_sparse_tensor'), args);
}
