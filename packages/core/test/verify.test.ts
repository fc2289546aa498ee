import { expecting, fromBytes, TorshError } from '@torsh/bytes';
import { expect, it } from 'vitest';
import { archive, type Format, model, type Tensor, torsh, verify } from '../src/index.ts';
import { inputOf, platform, stub, tensor } from './support.ts';

const format = (...tensors: Tensor[]): Format =>
  stub('f', {
    detect: async () => ({ confidence: 'certain', reason: 'x' }),
    reader: { yields: torsh().reader!.yields, open: async () => archive('f', { models: [model(tensors)] }) },
  });

const run = (...tensors: Tensor[]) =>
  verify(inputOf('x', 'file.f'), { formats: [format(...tensors)], platform });

const unreadable = (error: unknown, name = 'u'): Tensor => ({
  ...tensor(name),
  data: { size: 8, read: () => Promise.reject(error) },
});

it('reads everything of a format that has no check of its own', async () => {
  const wrong = {
    ...tensor('w'),
    data: expecting(fromBytes(new Uint8Array(8)), { crc32: 5, path: 'entry w' }),
  };
  const found = await run(tensor('a'), wrong, tensor('b'));
  expect(found).toMatchObject({ format: 'f', tensors: 3, bytes: 24 });
  expect(found.damages).toEqual([
    expect.objectContaining({ code: 'malformed', format: 'f', path: 'entry w' }),
  ]);
});

it('counts what cannot be read as a damage, and goes on', async () => {
  const cut = new TorshError('truncated', 'Cut off.', { offset: 9 });
  const { damages } = await run(
    unreadable(cut),
    tensor('a'),
    unreadable(new TorshError('malformed', 'x', { path: 'p' }), 'v'),
  );
  expect(damages).toEqual([
    expect.objectContaining({ code: 'truncated', path: 'file.f', offset: 9 }),
    expect.objectContaining({ code: 'malformed', path: 'p' }),
  ]);
});

it('does not take the world for a damage', async () => {
  await expect(run(unreadable(new TorshError('io', 'The disk is gone.')))).rejects.toMatchObject({
    code: 'io',
    format: 'f',
  });
  const bug = new RangeError('a bug');
  await expect(run(unreadable(bug))).rejects.toBe(bug);
});

it('can be aborted', async () => {
  const reason = { enough: true };
  const signal = AbortSignal.abort(reason);
  await expect(verify(inputOf('x'), { formats: [format(tensor('a'))], platform, signal })).rejects.toBe(
    reason,
  );
});
