import { describe, expect, it } from 'vitest';
import { safetensors } from '../src/index.ts';
import { context, fixtures, tree } from './support.ts';

const detect = async (bytes: Uint8Array | string, entry = 'file') =>
  (await safetensors().detect({ files: tree(new Map([[entry, bytes]])), entry }, context()))?.confidence;

const golden = fixtures('golden').get('all-dtypes.safetensors')!;
const bytes = (latin1: string) => new Uint8Array(Buffer.from(latin1, 'latin1'));

describe('a file', () => {
  it.each([...fixtures('golden')])('of the reference is certain by its content: %s', async (_, each) => {
    expect(await detect(each)).toBe('certain');
  });

  it('cut off behind the length and the first bytes is still certain, before that its name tells', async () => {
    for (let length = 9; length < golden.length; length++)
      expect(await detect(golden.subarray(0, length))).toBe('certain');
    for (let length = 1; length < 9; length++) {
      expect(await detect(golden.subarray(0, length), 'a.safetensors')).toBe('likely');
      expect(await detect(golden.subarray(0, length))).toBeUndefined();
    }
  });

  it('with white space before its object is certain', async () => {
    expect(await detect(bytes(`\x00\x10\0\0\0\0\0\0${' '.repeat(4000)}{"`))).toBe('certain');
  });

  it.each([
    ['an array for a header', '\x02\0\0\0\0\0\0\0[]'],
    ['a BOM', '\x05\0\0\0\0\0\0\0\xef\xbb\xbf{}'],
    ['an impossible length', '\xff\xff\xff\xff\xff\xff\xff\x7f{"a":'],
    ['a header of nothing', '\0\0\0\0\0\0\0\0\0\0\0\0'],
  ])('that is broken is likely by its name: %s', async (_, content) => {
    expect(await detect(bytes(content), 'a.safetensors')).toBe('likely');
    expect(await detect(bytes(content), 'a.bin')).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['a ZIP', 'PK\x03\x04\0\0\x08\x08\0\0\0\0\0\0'],
    ['a pickle', '\x80\x02}q\x00X\x05\0\0\0'],
    ['a legacy torch file', '\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.'],
    ['HDF5', '\x89HDF\r\n\x1a\n\0\0'],
    ['GGUF', 'GGUF\x03\0\0\0\x01\0\0\0\0\0\0\0'],
    ['a git-lfs pointer', 'version https://git-lfs.github.com/spec/v1\n'],
    ['a web page', '<!doctype html><html></html>'],
    ['JSON', '{"error": "not found"}'],
    ['ONNX', '\x08\x07\x12\x07pytorch\x1a\x05'],
  ])('that is %s is left alone under any name', async (_, content) => {
    expect(await detect(bytes(content), 'a.safetensors')).toBeUndefined();
    expect(await detect(bytes(content), 'a.pt')).toBeUndefined();
  });
});

describe('an index', () => {
  it('is certain by name and first byte', async () => {
    expect(await detect(' {"weight_map"', 'diffusion_pytorch_model.safetensors.index.json')).toBe('certain');
    expect(await detect('[]', 'model.safetensors.index.json')).toBeUndefined();
    expect(await detect('{"weight_map": {}}', 'model.json')).toBeUndefined();
  });
});

describe('a folder', () => {
  const folder = async (...names: string[]) =>
    (await safetensors().detect({ files: tree(new Map(names.map((name) => [name, '{}']))) }, context()))
      ?.confidence;

  it('is likely where an index or a file is at its top', async () => {
    expect(await folder('config.json', 'model.safetensors.index.json')).toBe('likely');
    expect(await folder('config.json', 'model.safetensors')).toBe('likely');
    expect(await folder('config.json', 'unet/model.safetensors')).toBeUndefined();
    expect(await folder()).toBeUndefined();
  });
});

it('reads no more than a page', async () => {
  let read = 0;
  const source = {
    size: 2 ** 40,
    read: async (_: number, length: number) => {
      read += length;
      return new Uint8Array(length).fill(0x20);
    },
  };
  const files = { list: async function* () {}, open: async () => source };
  await safetensors().detect({ files, entry: 'a.safetensors' }, context());
  expect(read).toBeLessThanOrEqual(8192);
});
