import { readFileSync } from 'node:fs';
import { type Archive, rolesByName, select, shapeOf } from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { open } from '../support.ts';

const folder = new URL('../../../../fixtures/torch-save/', import.meta.url);

async function archiveOf(name: string): Promise<Archive> {
  return (await open(readFileSync(new URL(`${name}.pt`, folder)))).archive;
}

/** kind, and the roles with their prefixes, as `role: prefix, prefix`. */
const kinds: readonly (readonly [file: string, kind: string, ...roles: string[]])[] = [
  ['tiny', 'state-dict', 'weights: '],
  ['parameter', 'state-dict', 'weights: '],
  ['whole-module', 'module', 'weights: '],
  ['module-graph', 'module', 'weights: '],
  ['whole-module-own', 'training', 'weights: model.'],
  ['training-adam', 'training', 'weights: model.', 'optimizer: optimizer.'],
  ['training-sgd', 'training', 'weights: model_state_dict.', 'optimizer: optimizer_state_dict.'],
  ['training-ema', 'checkpoint', 'weights: model.', 'ema: ema.'],
  ['lightning', 'lightning', 'weights: state_dict.', 'optimizer: optimizer_states.'],
  [
    'shape-lightning-averaged',
    'lightning',
    'weights: current_model_state.',
    'ema: state_dict.',
    'optimizer: optimizer_states.',
  ],
  ['shape-diffusion', 'training', 'weights: state_dict.', 'ema: state_dict.model_ema.'],
  ['shape-deepspeed', 'deepspeed', 'weights: module.', 'optimizer: optimizer.'],
  ['shape-deepspeed-zero', 'deepspeed-zero', 'optimizer: optimizer_state_dict.'],
  [
    'shape-fairseq',
    'fairseq',
    'weights: model.',
    'ema: extra_state.ema.',
    'optimizer: last_optimizer_state.',
  ],
  ['shape-yolo', 'yolo', 'weights: ema.', 'ema: ema.', 'optimizer: optimizer.'],
  ['shape-yolo-5', 'yolo', 'weights: model.', 'ema: ema.', 'optimizer: optimizer.'],
  ['shape-timm', 'timm', 'weights: state_dict.', 'ema: state_dict_ema.', 'optimizer: optimizer.'],
  ['shape-basicsr', 'checkpoint', 'weights: params.', 'ema: params_ema.'],
  ['shape-gan', 'training', 'weights: g., d.', 'ema: g_ema.', 'optimizer: g_optim., d_optim.'],
  ['shape-optimizer', 'optimizer', 'optimizer: '],
  ['shape-scheduler', 'scheduler'],
  ['shape-training-arguments', 'training-arguments'],
  ['shape-random-states', 'random-states'],
  ['shape-data-parallel', 'training', 'weights: state_dict.', 'optimizer: optimizer.'],
];

describe('what a checkpoint is, and what its tensors are there for', () => {
  it.each(kinds)('%s is %s', async (file, kind, ...roles) => {
    const shape = shapeOf(await archiveOf(file))?.shape;
    expect(shape?.kind).toBe(kind);
    const said = Object.entries(shape?.roles ?? {}).map(([role, is]) => `${role}: ${is.join(', ')}`);
    expect(said).toEqual(roles);
  });

  it.each(['bare-tensor', 'top-list', 'values-python', 'only-numbers'])('%s has no shape', async (file) =>
    expect(shapeOf(await archiveOf(file))).toBeUndefined(),
  );

  it('every role has tensors, unless the optimizer keeps none', async () => {
    for (const [file] of kinds) {
      const archive = await archiveOf(file);
      const shape = shapeOf(archive)!.shape;
      const { tensors, aliases } = archive.models.get('model')!;
      const roles = [...tensors.keys(), ...aliases.keys()].flatMap(rolesByName(shape));
      expect([...new Set(roles)].sort(), file).toEqual(Object.keys(shape.roles).sort());
    }
  });

  it('version and settings are told too', async () => {
    expect(shapeOf(await archiveOf('lightning'))?.shape).toMatchObject({
      version: '2.5.0',
      settings: ['hyper_parameters'],
    });
    expect(shapeOf(await archiveOf('whole-module'))?.shape.title).toBe(
      'whole module of torch.nn.modules.container.Sequential',
    );
  });

  it('one role gives the names that the model knows', async () => {
    const names = async (file: string, role: string) => [
      ...select(await archiveOf(file), [role])
        .models.get('model')!
        .tensors.keys(),
    ];
    const model = ['0.weight', '0.bias', '2.weight', '2.bias'];
    expect(await names('training-adam', 'weights')).toEqual(model);
    expect(await names('shape-timm', 'ema')).toEqual(model);
    expect(await names('shape-fairseq', 'ema')).toEqual(model);
    // Tied with the weights, which are not selected: the other names step in.
    expect(await names('training-ema', 'ema')).toEqual(model);
    expect(await names('shape-gan', 'weights')).toContain('g.0.weight');
  });
});
