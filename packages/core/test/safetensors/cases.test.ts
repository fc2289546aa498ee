import { defaultLimits, fromBytes, isTorshError } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from '../../src/safetensors/index.ts';
import { fixture, record } from './fixtures.ts';

interface Case {
  readonly file: string;
  readonly ok: boolean;
  readonly tensors?: readonly (readonly [name: string, dtype: string, shape: readonly number[]])[];
}

const { cases } = record<{ cases: Case[] }>('cases/expected.json');

/** What the reference library accepts and a strict reading refuses, and nothing else. */
const stricter: Readonly<Record<string, string>> = {
  'dup_tensor_key_same.safetensors': 'duplicate-name',
  'dup_tensor_key_diff_first_i32.safetensors': 'duplicate-name',
  'dup_metadata_inner_key.safetensors': 'duplicate-key',
  'extra_field_in_info.safetensors': 'extra-field',
  'empty_name.safetensors': 'empty-name',
  'nul_name.safetensors': 'nul-in-name',
};

const read = (name: string, tolerant: boolean) =>
  readSafetensors(fromBytes(fixture(`cases/${name}`)), { limits: defaultLimits, tolerant });

describe('the 61 cases with the answers of safetensors 0.8.0', () => {
  it('has them all', () => expect(cases).toHaveLength(61));

  it.each(cases)('tolerant reading answers like the reference: $file', async ({ file, ok, tensors }) => {
    const opened = await read(file, true).catch((error: unknown) => error);
    if (!ok) return expect(isTorshError(opened)).toBe(true);
    const { header } = opened as Awaited<ReturnType<typeof read>>;
    const found = header.tensors.map(({ name, dtype, shape }) => [name, dtype, shape.slice(0, 8)]);
    expect(found.sort()).toEqual([...(tensors ?? [])].sort());
    expect(header.notes.map(({ code }) => code)).toEqual(
      stricter[file] === undefined ? [] : [stricter[file]],
    );
  });

  it.each(cases)('strict reading refuses more only where the table says: $file', async ({ file, ok }) => {
    const opened = await read(file, false).catch((error: unknown) => error);
    expect(!isTorshError(opened)).toBe(ok && stricter[file] === undefined);
  });
});
