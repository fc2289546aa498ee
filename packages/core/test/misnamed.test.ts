import { expect, it } from 'vitest';
import type { Format } from '../src/index.ts';
import { misnamed } from '../src/misnamed.ts';

const format = (id: string): Format => ({ id, title: `the format ${id}`, detect: async () => undefined });

it.each([
  ['model.pth.tar', 'torch-save'],
  ['model.SAFETENSORS', 'torch-save'],
  ['model.onnx', 'pickle'],
  ['weights.h5', 'torch-legacy'],
])('says that %s is not what it says when it is of the format %s', (name, id) => {
  const note = misnamed(name, format(id));
  expect(note).toMatchObject({ severity: 'note', code: 'misnamed', subject: name });
  expect(note?.message).toContain(`the format ${id}`);
});

it.each([
  ['model.tar', 'torch-tar'],
  ['model.pt', 'torch-legacy'],
  ['pytorch_model.bin', 'torch-save'],
  ['model.safetensors', 'safetensors'],
  ['tar', 'torch-save'],
])('has nothing to say of %s in the format %s', (name, id) => {
  expect(misnamed(name, format(id))).toBeUndefined();
});
