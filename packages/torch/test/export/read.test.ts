import type { JsonObject } from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { type Records, zipped } from '../support.ts';
import { archiveOf, config, GOOD, openExport, PROGRAM, payload } from './support.ts';

const programsOf = async (records: Records) => {
  const opened = await openExport(await archiveOf(records));
  const programs = opened.torch.programs as { readonly [name: string]: JsonObject };
  return { ...opened, programs };
};

/** A program of one name with the weight `w` in a file of its own. */
const program = (name: string): Records => ({
  [`data/weights/${name}_weights_config.json`]: config({ w: payload() }),
  [`models/${name}.json`]: PROGRAM,
});

describe('an archive', () => {
  it('is models, a program as a resource, and what the small records say', async () => {
    const { archive, torch, programs, issues } = await programsOf(GOOD);
    expect([...archive.models.keys()]).toEqual(['model']);
    expect(
      [...archive.resources.values()].map(({ path, role, mediaType }) => [path, role, mediaType]),
    ).toEqual([['models/model.json', 'program', 'application/json']]);
    expect(torch).toMatchObject({
      kind: 'torch.export',
      layout: 'archive',
      version: '6',
      byteorder: 'little',
    });
    expect(programs.model).toMatchObject({ schema_version: { major: 8, minor: 20 }, model: 'model' });
    expect(programs.model!.weights).toEqual({
      tensors: { w: { file: 'weight_0', parameter: true, requires_grad: true } },
    });
    expect([...archive.incidental]).toEqual(['torch']);
    expect(issues).toEqual([]);
  });

  it('may hold several programs, whose names become names of models', async () => {
    const names = ['encoder', 'de/coder', 'de coder', '.hidden'];
    const all = Object.assign({}, ...names.map(program));
    const { archive, programs } = await programsOf({ ...GOOD, ...all });
    expect([...archive.models.keys()]).toEqual(['model', 'encoder', 'de_coder', 'de_coder-2', '_hidden']);
    expect(Object.keys(programs).sort()).toEqual(['model', ...names].sort());
  });

  it('keeps everything else byte for byte, each with its role', async () => {
    const extra = {
      'data/aotinductor/model/a.so': 'code',
      'data/aotinductor/model/a.cpp': 'code',
      'data/aotinductor/model/a_metadata.json': '{}',
      'data/weights/unnamed': 'bytes',
      'extra/note.txt': 'hello',
      'extra/LICENSE': 'MIT',
      'extra/thing': 'x',
    };
    const { archive, issues } = await programsOf({ ...GOOD, ...extra });
    const roles = [...archive.resources.values()].map(({ path, role }) => [path, role]);
    expect(Object.fromEntries(roles)).toEqual({
      'models/model.json': 'program',
      'data/aotinductor/model/a.so': 'program',
      'data/aotinductor/model/a.cpp': 'code',
      'data/aotinductor/model/a_metadata.json': 'config',
      'data/weights/unnamed': 'data',
      'extra/note.txt': 'document',
      'extra/LICENSE': 'licence',
      'extra/thing': 'other',
    });
    expect(issues.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
      'machine-code data/aotinductor/model/a.so',
    ]);
  });

  it('swaps the bytes of a big-endian machine', async () => {
    const weights = new Uint8Array(16);
    weights.set([0x3f, 0x80, 0, 0]);
    const { model } = await programsOf({ ...GOOD, byteorder: 'big', 'data/weights/weight_0': weights });
    expect(await model.tensors.get('w')!.data.read(0, 4)).toEqual(Uint8Array.of(0, 0, 0x80, 0x3f));
  });

  it('ties names that show the same, and records views that do not', async () => {
    const meta = { sizes: [{ as_int: 2 }] };
    const weights = {
      w: payload(),
      tied: payload(),
      part: payload({ is_param: false }, { ...meta, storage_offset: { as_int: 2 } }),
    };
    const records = { ...GOOD, 'data/weights/model_weights_config.json': config(weights) };
    const { model, programs, issues } = await programsOf(records);
    expect([...model.tensors.keys()]).toEqual(['w', 'part']);
    expect(Object.fromEntries(model.aliases)).toEqual({ tied: 'w' });
    expect(programs.model!.weights).toMatchObject({ tensors: { part: { file: 'weight_0', offset: 2 } } });
    expect(issues.map(({ code }) => code)).toEqual(['shared-storage']);
  });

  it('says what a later torch has written and torsh does not keep', async () => {
    const weights = { w: payload({ later: 1, nothing: null }, { newer: [1] }) };
    const { issues } = await programsOf({
      ...GOOD,
      'data/weights/model_weights_config.json': config(weights),
    });
    expect(issues.map(({ severity, code, subject }) => `${severity} ${code} ${subject}`)).toEqual([
      'loss unknown-field newer',
      'loss unknown-field later',
    ]);
  });

  it.each([
    ['a parameter', { parameter: { parameter_name: 'v' } }],
    ['a buffer', { buffer: { buffer_name: 'v', persistent: true } }],
    ['a hidden buffer', { buffer: { buffer_name: 'v', persistent: false } }],
    ['a constant', { tensor_constant: { tensor_constant_name: 'v' } }],
    ['an object', { custom_obj: { custom_obj_name: 'v' } }],
  ])('says that the program takes %s which is not there', async (_, spec) => {
    const text = JSON.stringify({ graph_module: { signature: { input_specs: [spec] } } });
    const { issues } = await programsOf({ ...GOOD, 'models/model.json': text });
    expect(issues.map(({ severity, code, subject }) => `${severity} ${code} ${subject}`)).toEqual([
      'loss missing-tensor v',
    ]);
  });

  it('may have weights without a program', async () => {
    const { 'models/model.json': _, ...records } = GOOD;
    const { model } = await programsOf(records);
    expect([...model.tensors.keys()]).toEqual(['w']);
  });
});

describe('a flat file', () => {
  it('may have nothing where there are no constants', async () => {
    const bytes = await zipped({
      'serialized_exported_program.json': '{}',
      'serialized_state_dict.pt': '',
      'serialized_constants.pt': '',
      version: '8.2',
    });
    const { archive, torch } = await openExport(bytes);
    expect([...archive.models.keys()]).toEqual(['model']);
    expect(torch).toMatchObject({ layout: 'flat', version: '8.2' });
  });
});
