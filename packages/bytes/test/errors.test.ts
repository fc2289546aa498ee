import { expect, it } from 'vitest';
import { isTorshError, locateError, TorshError } from '../src/index.ts';

it('carries code, place and cause', () => {
  const cause = new Error('deep');
  const error = new TorshError('malformed', 'It is broken.', { format: 'f', path: 'p', offset: 7, cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: 'TorshError',
    code: 'malformed',
    format: 'f',
    path: 'p',
    offset: 7,
    cause,
  });
  expect(new TorshError('io', 'x')).not.toHaveProperty('cause');
});

it('is told from other errors, and by its code', () => {
  const error = new TorshError('limit', 'x');
  expect(isTorshError(error)).toBe(true);
  expect(isTorshError(error, 'io', 'limit')).toBe(true);
  expect(isTorshError(error, 'io')).toBe(false);
  expect(isTorshError(new Error('limit'))).toBe(false);
  expect(isTorshError(undefined)).toBe(false);
});

it('learns its place from outside, and keeps what was known inside', () => {
  const inner = new TorshError('truncated', 'x', { path: 'inner', offset: 0 });
  const outer = locateError(inner, { format: 'torch', path: 'outer', offset: 5 });
  expect(outer).toMatchObject({ code: 'truncated', format: 'torch', path: 'inner', offset: 0, cause: inner });
  expect(locateError(outer, { format: 'other' })).toBe(outer);
  const reason = { aborted: true };
  expect(locateError(reason, { path: 'p' })).toBe(reason);
});
