import { defaultLimits, fromBytes } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { bytesOf, PHYSICAL, type PhysicalDType } from '../../src/dtype.ts';
import { formatHeader, readSafetensors } from '../../src/safetensors/index.ts';
import { file, fixture, fixtureNames, pattern, record } from './fixtures.ts';

interface Golden {
  readonly file: string;
  readonly tensors: readonly (readonly [name: string, dtype: PhysicalDType, shape: readonly number[]])[];
  readonly metadata: { readonly [key: string]: string } | null;
}

const { cases } = record<{ cases: Golden[] }>('golden/golden.json');

/** A whole file by our writer: what `formatHeader` gives and the data in its order. */
function written({ tensors, metadata }: Golden): Uint8Array {
  const numbered = tensors.map(([name, dtype, shape], number) => ({ name, dtype, shape, number }));
  const { bytes, tensors: placed } = formatHeader(numbered, metadata ?? {});
  const data = placed.map(({ source }) => pattern(source.number, bytesOf(source.dtype, source.shape)));
  return new Uint8Array(Buffer.concat([bytes, ...data]));
}

describe('files of the reference writer', () => {
  it('are all described', () => {
    expect(fixtureNames('golden').sort()).toEqual(cases.map((each) => each.file).sort());
    const used = new Set(cases.flatMap(({ tensors }) => tensors.map(([, dtype]) => dtype)));
    expect(used.size).toBe(PHYSICAL.length);
  });

  it.each(cases)('are written byte for byte: $file', (golden) => {
    expect(written(golden)).toEqual(fixture(`golden/${golden.file}`));
  });

  it.each(cases)('do not depend on the order in which tensors come: $file', (golden) => {
    const numbered = golden.tensors.map(([name, dtype, shape]) => ({ name, dtype, shape }));
    expect(formatHeader(numbered.reverse(), golden.metadata ?? {}).bytes).toEqual(
      fixture(`golden/${golden.file}`).subarray(
        0,
        formatHeader(numbered, golden.metadata ?? {}).bytes.length,
      ),
    );
  });

  it.each(cases)('are read: $file', async (golden) => {
    const source = fromBytes(fixture(`golden/${golden.file}`));
    const { header, tensors } = await readSafetensors(source, { limits: defaultLimits });
    expect(header.metadata).toEqual(golden.metadata ?? {});
    expect(tensors.size).toBe(golden.tensors.length);
    for (const [number, [name, dtype, shape]] of golden.tensors.entries()) {
      const tensor = tensors.get(name);
      expect(tensor).toMatchObject({ name, dtype, shape });
      const size = bytesOf(dtype, shape);
      expect(await tensor?.data.read(0, size)).toEqual(pattern(number, size));
    }
  });
});

describe('golden vectors of the reference’s own tests', () => {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

  it('an empty file is a length of 8, {} and six spaces', () => {
    expect(hex(formatHeader([]).bytes)).toBe('\x08\0\0\0\0\0\0\0{}      ');
  });

  it('one tensor', () => {
    const { bytes, dataBytes } = formatHeader([{ name: 'test', dtype: 'I32', shape: [2, 2] }]);
    expect(hex(bytes)).toBe(
      '@\0\0\0\0\0\0\0{"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}}    ',
    );
    expect(dataBytes).toBe(16);
  });

  it('larger types come first, then names', () => {
    const { tensors } = formatHeader([
      { name: 'a', dtype: 'F16', shape: [1] },
      { name: 'c', dtype: 'I32', shape: [1] },
      { name: 'b', dtype: 'I32', shape: [1] },
    ]);
    expect(tensors.map(({ name, begin, end }) => [name, begin, end])).toEqual([
      ['b', 0, 4],
      ['c', 4, 8],
      ['a', 8, 10],
    ]);
  });

  it('names are ordered by their UTF-8 bytes, not by UTF-16 units', () => {
    const names = ['\ufffd', '😀', '\ue000', 'é', 'z', '', '😀a'];
    const { tensors } = formatHeader(names.map((name) => ({ name, dtype: 'U8', shape: [] })));
    expect(tensors.map(({ name }) => name)).toEqual(
      [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    );
  });

  it('empty metadata is left out, where the reference would write a file that it cannot read', () => {
    expect(formatHeader([], {}).bytes).toEqual(file('{}      '));
  });
});
