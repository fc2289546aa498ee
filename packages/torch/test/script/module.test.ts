import type { JsonObject } from '@torsh/core';
import { assemble, type PickleValue } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import { torchSave } from '../../src/index.ts';
import { call, dict, file, global, list, open, storage, tensor, tuple } from '../support.ts';
import { compiled, declared, inFolder, namesIn, openScript, script } from './support.ts';

const NET = { '__torch__.py': declared('Net', ['weight'], ['steps']) };

/** One of the four floats of the storage 0. */
const part = (offset: number): PickleValue => tensor({ offset, size: tuple(1) });

const jit = (name: string, ...args: readonly PickleValue[]): PickleValue =>
  call(global('torch.jit._pickle', name), args);

describe('the state dict', () => {
  it('has parameters, then buffers, then modules, whatever comes first in the object', async () => {
    const inner = compiled('Net', { steps: part(2), weight: part(3) });
    const opened = await openScript(
      await script(compiled('Net', { inner, note: 1, steps: part(0), weight: part(1) }), { code: NET }),
    );
    expect(namesIn(opened, 'model')).toEqual(['weight', 'steps', 'inner.weight', 'inner.steps']);
    expect(namesIn(opened, 'extra')).toEqual([]);
  });

  it('has no attributes: they are a model of their own, without what the state dict has', async () => {
    const weight = part(0);
    const fields = { weight, same: weight, equal: part(0), other: part(1), rows: list(part(2), part(0)) };
    const opened = await openScript(await script(compiled('Net', fields), { code: NET }));
    expect(namesIn(opened, 'model')).toEqual(['weight']);
    expect(namesIn(opened, 'extra')).toEqual(['other', 'rows.0']);
    const states = ((opened.torch.structure as JsonObject).$object as JsonObject).states;
    expect(states).toMatchObject([
      {
        weight: { $tensor: 'weight' },
        equal: { $tensor: 'weight' },
        other: { $tensor: 'other', model: 'extra' },
        rows: [{ $tensor: 'rows.0', model: 'extra' }, { $tensor: 'weight' }],
      },
    ]);
  });

  it('has every tensor of a module whose class, as before torch 1.8, does not name buffers', async () => {
    const code = { '__torch__.py': declared('Net', ['weight']) };
    const fields = { mean: part(0), weight: part(1), rows: list(part(2)) };
    const opened = await openScript(await script(compiled('Net', fields), { code }));
    expect(namesIn(opened, 'model')).toEqual(['weight', 'mean']);
    expect(namesIn(opened, 'extra')).toEqual(['rows.0']);
  });

  it('has nothing of objects that are no modules, or that have written a state of their own', async () => {
    const code = { '__torch__.py': `${NET['__torch__.py']}class Pair:\n  left : Tensor\n` };
    const fields = {
      weight: part(0),
      pair: compiled('Pair', { left: part(1) }),
      packed: compiled('Net', tuple(part(2), 3, tuple(part(3)))),
    };
    const opened = await openScript(await script(compiled('Net', fields), { code }));
    expect(namesIn(opened, 'model')).toEqual(['weight']);
    expect(namesIn(opened, 'extra')).toEqual(['pair.left', 'packed.0', 'packed.2.0']);
  });

  it('takes the tensors of a class without a source for its state, and all tensors where there is no source', async () => {
    const top = compiled('Net', {
      weight: part(0),
      note: part(1),
      lost: compiled('a.b.Lost', { any: part(2) }),
    });
    const opened = await openScript(await script(top, { code: NET }));
    expect(namesIn(opened, 'model')).toEqual(['weight', 'lost.any']);
    expect(namesIn(opened, 'extra')).toEqual(['note']);
    const opaque = opened.issues.filter(({ code }) => code === 'opaque');
    expect(opaque).toMatchObject([{ subject: '__torch__.a.b.Lost' }]);
    const bare = await openScript(await script(top));
    expect(namesIn(bare, 'model')).toEqual(['weight', 'note', 'lost.any']);
  });

  it('finds a class that shares its name with others in a file of its own', async () => {
    const code = { '__torch__/a/___torch_mangle_3.py': declared('Net', ['w'], []) };
    const top = compiled('a.___torch_mangle_3.Net', { w: part(0), note: part(1) });
    const opened = await openScript(await script(top, { code }));
    expect([namesIn(opened, 'model'), namesIn(opened, 'extra')]).toEqual([['w'], ['note']]);
  });

  it('is no model where a frozen module has constants alone; a module with nothing at all has an empty one', async () => {
    const frozen = await openScript(
      await script(compiled('Net', {}), { code: NET, constants: tuple(part(0)) }),
    );
    expect([...frozen.archive.models.keys()]).toEqual(['constants']);
    const nothing = await openScript(await script(compiled('Net', {}), { code: NET }));
    expect([...nothing.archive.models.keys()]).toEqual(['model']);
  });

  it('names tied tensors and shared modules', async () => {
    const inner = compiled('Net', { weight: part(0) });
    const opened = await openScript(
      await script(compiled('Net', { weight: part(0), a: inner, b: inner }), { code: NET }),
    );
    expect(namesIn(opened, 'model')).toEqual(['weight']);
    expect([...opened.model.aliases]).toEqual([
      ['a.weight', 'weight'],
      ['b.weight', 'weight'],
    ]);
  });
});

describe('what TorchScript writes differently', () => {
  it('puts the types of containers around them, which is no part of names', async () => {
    const rows = jit('build_tensorlist', list(part(0)));
    const named = jit('restore_type_tag', dict(['a', part(1)]), 'Dict[str, Tensor]');
    const old = call(global('__main__', 'TensorList'), [], { how: 'newobj', states: [list(part(2))] });
    const numbers = jit('build_intlist', list(1, 2));
    const opened = await openScript(
      await script(compiled('Net', { rows, named, old, numbers }), { code: NET }),
    );
    expect(namesIn(opened, 'extra')).toEqual(['rows.0', 'named.a', 'old.0']);
    expect(opened.issues.filter(({ code }) => code === 'opaque')).toEqual([]);
  });

  it('does not know old containers anywhere else: `__main__` is anybody’s', async () => {
    const old = call(global('__main__', 'TensorList'), [], { how: 'newobj', states: [list(1)] });
    const { issues } = await open(await file(dict(['a', old], ['b', tensor()])), {}, torchSave());
    expect(issues).toMatchObject([{ code: 'opaque', subject: '__main__.TensorList' }]);
  });

  it.each([
    [1, [part(0), part(1)], ['indices', 'values']],
    [2, [part(0), part(1), part(2)], ['crow_indices', 'col_indices', 'values']],
  ])('numbers sparse layouts: %i', async (layout, parts, names) => {
    const args = [layout, tuple(2, 2), false, ...parts, null];
    const sparse = call(global('torch._utils', '_rebuild_sparse_tensor'), args);
    const opened = await openScript(await script(compiled('Net', { weight: sparse }), { code: NET }));
    expect(namesIn(opened, 'model')).toEqual(names.map((name) => `weight.${name}`));
  });

  it('keeps the storages of mobile files in a folder that pickles share', async () => {
    const shared = storage({ key: '7.storage' });
    const constants = tuple(tensor({ storage: shared }), 'a text', list(tensor({ storage: shared })));
    const file = await script(compiled('Net', {}), {
      constants,
      code: NET,
      records: { 'bytecode/7.storage': new Uint8Array(16) },
    });
    const opened = await openScript(file);
    expect(namesIn(opened, 'constants')).toEqual(['c0']);
    expect([...opened.archive.models.get('constants')!.aliases]).toEqual([['c2.0', 'c0']]);
    expect((opened.torch.constants as JsonObject).structure).toMatchObject({ c1: 'a text' });
  });

  it.each([
    ['version', 'version'],
    ['.data/version', '.data/version'],
  ])('has its version in %s', async (record) => {
    const rest = { 'data.pkl': assemble(compiled('Net', {})), 'constants.pkl': assemble(tuple()) };
    const { torch } = await openScript(await inFolder({ ...rest, [record]: '10\n' }));
    expect(torch).toMatchObject({ version: '10', version_record: record, folder: 'm' });
  });
});

describe('everything else', () => {
  it('is kept byte for byte, by role', async () => {
    const records = {
      'extra/a.json': '{}',
      'extra/b.md': '#',
      'extra/LICENSE': 'free',
      'extra/c.bin': 'x',
      'bytecode.pkl': assemble(tuple()),
      'traced_inputs/0': new Uint8Array(4),
      'data/99': new Uint8Array(4),
      byteorder: 'little',
    };
    const { archive, torch } = await openScript(
      await script(compiled('Net', { weight: part(0) }), { code: NET, records }),
    );
    expect(Array.from(archive.resources.values(), ({ path, role }) => `${role} ${path}`)).toEqual([
      'code code/__torch__.py',
      'config extra/a.json',
      'document extra/b.md',
      'licence extra/LICENSE',
      'other extra/c.bin',
      'program bytecode.pkl',
      'data traced_inputs/0',
      'data data/99',
    ]);
    expect(torch.records).toContain('data/0');
    expect(torch).toMatchObject({ byteorder: 'little', kind: 'torchscript' });
  });

  it('is looked into where it is a pickle: what it names is said, with its place, and nothing is called', async () => {
    const evil = call(global('os', 'system'), ['true']);
    const records = {
      'bytecode.pkl': assemble(tuple(evil)),
      'extra/weights': assemble(call(global('builtins', 'eval'), ['1']), { protocol: 4 }),
      'extra/text': 'cos\nsystem\n.',
      'extra/broken.pkl': Uint8Array.of(0x80, 2, 0x63),
    };
    const { issues, archive } = await openScript(await script(compiled('Net', {}), { code: NET, records }));
    const said = issues
      .filter(({ code }) => code === 'opaque')
      .map(({ subject, message }) => `${subject} ${/\((.*)\)/.exec(message)?.[1]}`);
    expect(said).toEqual(['os.system bytecode.pkl, byte 2', 'builtins.eval extra/weights, byte 20']);
    expect(issues.filter(({ code }) => code === 'broken-pickle')).toMatchObject([
      { subject: 'extra/broken.pkl' },
    ]);
    expect(archive.resources.size).toBe(6);
  });

  it('is not looked into without end, and what is too long hides nothing behind it', async () => {
    const records = {
      'extra/a.pkl': assemble('x'.repeat(5000)),
      'extra/b.pkl': assemble(call(global('os', 'system'), ['true'])),
    };
    const file = await script(compiled('Net', {}), { code: NET, records });
    const { issues } = await openScript(file, { pickleBytes: 4000 });
    expect(issues.filter(({ code }) => code === 'not-scanned')).toMatchObject([{ subject: 'extra/a.pkl' }]);
    expect(issues.filter(({ code }) => code === 'opaque')).toMatchObject([{ subject: 'os.system' }]);
  });

  it('may be damaged without hiding the weights', async () => {
    const debug = assemble('a text that is found again');
    const file = await script(compiled('Net', { weight: part(0) }), {
      code: NET,
      records: { 'code/__torch__.py.debug_pkl': debug },
    });
    file[Buffer.from(file).indexOf('found again')]! ^= 1;
    const opened = await openScript(file);
    expect(namesIn(opened, 'model')).toEqual(['weight']);
    const broken = opened.issues.filter(({ code }) => code === 'broken-pickle');
    expect(broken).toMatchObject([{ severity: 'note', subject: 'code/__torch__.py.debug_pkl' }]);
  });

  it('is a loss where it lies behind a pickle', async () => {
    const pickle = Uint8Array.of(...assemble(compiled('Net', {})), 0);
    const { issues } = await openScript(
      await inFolder({ 'data.pkl': pickle, 'constants.pkl': assemble(tuple()), version: '3\n' }),
    );
    expect(issues).toMatchObject([
      { code: 'bytes-behind-pickle', severity: 'loss', subject: 'data.pkl' },
      { code: 'opaque' },
    ]);
  });
});
