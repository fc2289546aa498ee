import { isTorshError } from '@torsh/bytes';
import { expect, it } from 'vitest';
import { torsh, verify } from '../../src/index.ts';
import { inputOf, platform, smallArchive, torshBytes } from '../support.ts';

const options = { formats: [torsh()], platform, from: 'torsh' };

it('finds nothing wrong with a sound archive', async () => {
  const found = await verify(inputOf(await torshBytes(smallArchive())), options);
  expect(found).toEqual({ format: 'torsh', tensors: 4, bytes: 24 + 16 + 2 + 5, damages: [] });
});

it('finds every flipped bit', async () => {
  const bytes = await torshBytes(smallArchive());
  const missed: string[] = [];
  for (let at = 0; at < bytes.length; at++) {
    for (const mask of [0x01, 0x08, 0x80]) {
      const copy = bytes.slice();
      copy[at]! ^= mask;
      try {
        const { damages } = await verify(inputOf(copy), options);
        if (damages.length === 0) missed.push(`byte ${at}, bit 0x${mask.toString(16)}`);
      } catch (error) {
        if (!isTorshError(error)) throw error;
      }
    }
  }
  expect(missed).toEqual([]);
});

it('finds every cut', async () => {
  const bytes = await torshBytes(smallArchive());
  for (let length = 0; length < bytes.length; length++) {
    const error = await verify(inputOf(bytes.subarray(0, length)), options).catch((error: unknown) => error);
    expect(isTorshError(error), `cut off at ${length}`).toBe(true);
  }
});

it('goes on after a damage and names each place', async () => {
  const bytes = await torshBytes(smallArchive());
  const text = Buffer.from(bytes).toString('latin1');
  const tensorAt = text.indexOf('models/second.safetensors');
  const config = text.indexOf('{"a": 1}');
  // The bytes of the five-byte tensor end right before the descriptor of their entry.
  const descriptorAt = text.indexOf('PK\x07\x08', tensorAt);
  for (const at of [config, descriptorAt - 1]) bytes[at]! ^= 1;
  const { damages } = await verify(inputOf(bytes, 'x.torsh'), options);
  expect(damages.every(({ code, format }) => code === 'malformed' && format === 'torsh')).toBe(true);
  expect([...new Set(damages.map(({ path }) => path))]).toEqual([
    'models/second.safetensors: w',
    'resources/config.json',
  ]);
});

it('reports a damaged compressed entry and goes on', async () => {
  const bytes = await torshBytes(smallArchive());
  const text = Buffer.from(bytes).toString('latin1');
  const start = text.indexOf('code/net.py') + 'code/net.py'.length;
  bytes[start]! ^= 0x06; // the type of the first deflate block
  bytes[text.indexOf('{"a": 1}')]! ^= 1;
  const { damages } = await verify(inputOf(bytes, 'x.torsh'), options);
  expect(damages.map(({ path }) => path)).toEqual([
    'code/net.py',
    'code/net.py: compressed',
    'resources/config.json',
  ]);
});
