import { assemble, type PickleValue } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import { call, dict, file, global, list, open, tuple } from '../support.ts';
import { bytesOf, openBare, refusedBare, told } from './support.ts';

const bare = (value: PickleValue) => assemble(value, { protocol: 4 });

interface Parts {
  readonly shape?: PickleValue;
  readonly dtype?: PickleValue;
  readonly fortran?: PickleValue;
  readonly content?: PickleValue;
  readonly maker?: PickleValue;
}

const dtypeOf = (name: PickleValue, order = '<', ...rest: PickleValue[]) =>
  call(global('numpy', 'dtype'), [name, false, true], { states: [tuple(3, order, ...rest)] });

const BYTES = Uint8Array.from({ length: 12 }, (_, index) => index + 1);

function array(parts: Parts = {}, module = 'numpy.core.multiarray'): PickleValue {
  const { shape = tuple(2, 3), dtype = dtypeOf('u2'), fortran = false, content = BYTES } = parts;
  const { maker = global('numpy', 'ndarray') } = parts;
  return call(global(module, '_reconstruct'), [maker, tuple(0), 'b'], {
    states: [tuple(1, shape, dtype, fortran, content)],
  });
}

describe('arrays of numbers', () => {
  it('become tensors, and the structure says what they were', async () => {
    const opened = await openBare(
      bare(
        dict(
          ['plain', array()],
          ['column', array({ fortran: true }, 'numpy._core.multiarray')],
          ['big', array({ dtype: dtypeOf('u2', '>') })],
          ['matrix', array({ maker: global('numpy', 'matrix') })],
        ),
      ),
    );
    expect(opened.torch.structure).toEqual({
      plain: { $ndarray: 'plain', dtype: '<u2' },
      column: { $ndarray: 'column', dtype: '<u2', order: 'F' },
      big: { $ndarray: 'big', dtype: '>u2' },
      matrix: { $ndarray: 'matrix', dtype: '<u2', class: ['numpy', 'matrix'] },
    });
    expect(await bytesOf(opened)).toEqual({
      plain: [...BYTES],
      // Element (i, j) lies at 2 (i + 2 j).
      column: [1, 2, 5, 6, 9, 10, 3, 4, 7, 8, 11, 12],
      big: [2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11],
      matrix: [...BYTES],
    });
  });

  it('are the whole file', async () => {
    const { model, torch, archive } = await openBare(bare(array()));
    expect([...model.tensors.keys()]).toEqual(['array']);
    expect(torch).toMatchObject({ kind: 'pickle', protocol: 4, structure: { $ndarray: 'array' } });
    expect(archive.incidental.has('torch')).toBe(true);
  });

  it('are of the types of ml_dtypes too', async () => {
    const dtype = dtypeOf(global('ml_dtypes', 'bfloat16'));
    const { model, torch } = await openBare(bare(list(array({ dtype }))));
    expect(model.tensors.get('0')!.dtype).toBe('BF16');
    expect(torch.structure).toEqual([{ $ndarray: '0', dtype: 'bfloat16' }]);
  });

  it('are written by protocol 5 in another way', async () => {
    const value = call(global('numpy._core.numeric', '_frombuffer'), [
      { kind: 'bytearray', bytes: BYTES },
      dtypeOf('i4'),
      tuple(3),
      'C',
    ]);
    const opened = await openBare(assemble(list(value, value), { protocol: 5 }));
    expect(await bytesOf(opened)).toEqual({ 0: [...BYTES] });
    expect([...opened.model.aliases]).toEqual([['1', '0']]);
  });

  it.each<[string, Parts, string]>([
    ['too few bytes', { content: BYTES.subarray(1) }, 'malformed x.pt'],
    ['too many bytes', { shape: tuple(5) }, 'malformed x.pt'],
    ['a negative shape', { shape: tuple(-2, 3) }, 'malformed x.pt'],
    ['a shape of text', { shape: 'x' }, 'malformed x.pt'],
    ['2^100 elements', { shape: tuple(2 ** 50, 2 ** 50) }, 'malformed x.pt'],
    ['5,000 dimensions', { shape: tuple(...new Array(5000).fill(1)) }, 'limit x.pt'],
    ['a dtype without a name', { dtype: call(global('numpy', 'dtype')) }, 'malformed x.pt'],
  ])('are refused with %s', async (_, parts, refusal) => {
    expect(await refusedBare(bare(list(array(parts))))).toBe(refusal);
  });
});

describe('arrays that no tensor can hold', () => {
  it.each<[string, PickleValue, number]>([
    ['texts', dtypeOf('U1'), 3],
    ['dates', dtypeOf('M8'), 1],
    ['records', dtypeOf('V4', '|', null, tuple('a'), dict(['a', tuple(dtypeOf('i4'), 0)])), 3],
    ['numbers with metadata', dtypeOf('i4', '<', null, null, null, -1, -1, 0, dict()), 3],
    ['a type without a name', 'f4', 3],
  ])('of %s stay data, with a note', async (_, dtype, count) => {
    const opened = await openBare(bare(dict(['a', array({ dtype, shape: tuple(count) })])));
    expect(opened.model.tensors.size).toBe(0);
    expect(told(opened)).toEqual(['no-data a']);
    expect(JSON.stringify(opened.torch.structure)).toContain(btoa(String.fromCharCode(...BYTES)));
  });

  it('of objects are looked into', async () => {
    const content = list(array(), 'text', dict(['x', array()]));
    const opened = await openBare(bare(dict(['a', array({ dtype: dtypeOf('O8', '|'), content })])));
    expect([...opened.model.tensors.keys()]).toEqual(['a.0', 'a.2.x']);
    expect(told(opened)).toEqual([]);
  });
});

describe('arrays in a checkpoint of torch.save', () => {
  const sized = (bytes: number) =>
    array({ dtype: dtypeOf('u1'), shape: tuple(bytes), content: new Uint8Array(bytes) });

  it('stay values, for what is written back has to be the same object', async () => {
    const opened = await open(await file(dict(['rng', sized(64 * 1024)]), {}));
    expect(opened.model.tensors.size).toBe(0);
    expect(JSON.stringify(opened.torch.structure)).not.toContain('$ndarray');
  });

  it('stay values where nothing was put into them', async () => {
    const empty = call(global('numpy.core.multiarray', '_reconstruct'), [
      global('numpy', 'ndarray'),
      tuple(0),
      'b',
    ]);
    expect((await open(await file(dict(['a', empty]), {}))).model.tensors.size).toBe(0);
  });
});
