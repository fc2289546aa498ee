import type { Format } from '@torsh/core';
import { allFormats } from '@torsh/formats';
import { expect, test } from 'vitest';
import { chooseTarget } from '../src/target.ts';
import { UsageError } from '../src/usage.ts';

const torchWriter: Format = {
  ...allFormats().find(({ id }) => id === 'torch-save')!,
  writer: { ...allFormats()[0]!.writer!, suffix: '.pt' },
};
const formats = [...allFormats().filter(({ id }) => id !== 'torch-save'), torchWriter];

const choose = (input: string, word?: string, to?: string) => {
  const isFolder = (path: string) => path === 'out';
  const { format, path } = chooseTarget({ input, word, to, formats, isFolder });
  return [format.id, path];
};

test.each([
  ['torch.pt', 'torsh', undefined, 'torsh', 'torch.torsh'],
  ['some/torch.pt', 'torsh', undefined, 'torsh', 'some/torch.torsh'],
  ['/whole/torch.pth', undefined, 'torsh', 'torsh', '/whole/torch.torsh'],
  ['best.pth.tar', 'torsh', undefined, 'torsh', 'best.torsh'],
  ['MODEL.PT', 'torsh', undefined, 'torsh', 'MODEL.torsh'],
  ['pytorch_model.bin', 'safetensors', undefined, 'safetensors', 'pytorch_model.safetensors'],
  ['model.safetensors.index.json', 'torsh', undefined, 'torsh', 'model.torsh'],
  ['epoch=3.ckpt', 'torsh', undefined, 'torsh', 'epoch=3.torsh'],
  ['scaler.pkl', 'torsh', undefined, 'torsh', 'scaler.torsh'],
  ['forest.joblib', 'torsh', undefined, 'torsh', 'forest.torsh'],
  ['net.torshpkg', 'torsh', undefined, 'torsh', 'net.torsh'],
  ['net.torsh', 'torshpkg', undefined, 'torshpkg', 'net.torshpkg'],
  ['weights.v2', 'torsh', undefined, 'torsh', 'weights.v2.torsh'],
  ['.pt', 'torsh', undefined, 'torsh', '.pt.torsh'],
  ['folder', 'torsh', undefined, 'torsh', 'folder.torsh'],
  ['a.pt', 'b.torsh', undefined, 'torsh', 'b.torsh'],
  ['a.pt', 'b.SAFETENSORS', undefined, 'safetensors', 'b.SAFETENSORS'],
  ['a.torsh', 'b.pth', undefined, 'torch-save', 'b.pth'],
  ['a.torsh', 'b.ckpt', undefined, 'torch-save', 'b.ckpt'],
  ['a.pt', './torsh', 'safetensors', 'safetensors', './torsh'],
  ['a.pt', 'b.bin', 'torsh', 'torsh', 'b.bin'],
  ['a.pt', 'out', 'torsh', 'torsh', 'out/a.torsh'],
  ['a.pt', 'new/', 'torsh', 'torsh', 'new/a.torsh'],
])('%s to %s (--to %s) is %s at %s', (input, word, to, format, path) => {
  expect(choose(input, word, to)).toEqual([format, path]);
});

test.each([
  ['a.pt', undefined, undefined],
  ['a.pt', 'b', undefined],
  ['a.pt', 'b.xyz', undefined],
  ['a.pt', 'out', undefined],
  ['a.pt', undefined, 'zip'],
  ['a.pt', 'torsh', 'safetensors'],
])('%s to %s (--to %s) is a mistake', (input, word, to) => {
  expect(() => choose(input, word, to)).toThrow(UsageError);
});
