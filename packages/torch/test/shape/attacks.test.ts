import { shapeOf } from '@torsh/core';
import type { PickleValue } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import { call, dict, file, global, list, open, ordered, tensor } from '../support.ts';

const shape = async (top: PickleValue) => shapeOf((await open(await file(top))).archive)?.shape;

describe('hostile checkpoints have a shape in bounded work, or none', () => {
  it('one large dictionary under many keys is looked through once', async () => {
    const large = dict(...Array.from({ length: 2_000 }, (_, index) => [`t${index}`, index] as const));
    const top = dict(...Array.from({ length: 2_000 }, (_, index) => [`k${index}`, large] as const));
    expect(await shape(top)).toBeUndefined();
  });

  it('a dictionary within itself', async () => {
    const inner = dict(['weight', tensor()], ['bias', tensor()]);
    inner.keys.push('self');
    inner.values.push(inner);
    expect(await shape(dict(['model', inner], ['optimizer', inner], ['ema', inner]))).toMatchObject({
      kind: 'training',
      roles: { weights: ['model.'], ema: ['ema.'], optimizer: ['optimizer.'] },
    });
  });

  it('lists of lists of optimizers', async () => {
    let nested: PickleValue = dict(['state', dict()], ['param_groups', list()]);
    for (let level = 0; level < 100; level++) nested = list(nested, nested);
    expect(await shape(dict(['model', ordered(['w', tensor()])], ['o', nested]))).toEqual({
      kind: 'checkpoint',
      title: 'checkpoint',
      roles: { weights: ['model.'] },
    });
  });

  it('more models than a checkpoint has', async () => {
    const many = Array.from({ length: 100 }, (_, index) => [`m${index}`, ordered(['w', tensor()])] as const);
    expect((await shape(dict(...many)))?.kind).toBe('state-dict');
  });

  it('keys that are no names, and versions that are no texts', async () => {
    const state = ordered(['w', tensor()]);
    const odd = '\ud800\0model';
    expect(await shape(dict([odd, state], ['epoch', 1]))).toMatchObject({
      roles: { weights: ['\ufffd_model.'] },
    });
    expect(await shape(dict(['pytorch-lightning_version', list()], ['state_dict', state]))).toEqual({
      kind: 'lightning',
      title: 'Lightning checkpoint',
      roles: { weights: ['state_dict.'] },
    });
    const long = 'v'.repeat(100_000);
    const told = await shape(dict(['pytorch-lightning_version', long], ['state_dict', state]));
    expect(told?.version?.length).toBeLessThan(300);
    const noName = call(tensor(), [], {
      how: 'newobj',
      states: [dict(['_parameters', dict()], ['_buffers', dict()], ['_modules', dict()])],
    });
    expect((await shape(noName))?.title).toBe('whole module of a class without a name');
    expect((await shape(call(global('a.b', 'MyTrainingArguments'))))?.kind).toBe('training-arguments');
  });
});
