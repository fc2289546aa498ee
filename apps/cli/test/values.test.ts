import { defaultLimits } from '@torsh/bytes';
import { expect, test } from 'vitest';
import { parseCreated } from '../src/created.ts';
import { parseLimits } from '../src/lend.ts';
import { parseSize } from '../src/size.ts';
import { UsageError } from '../src/usage.ts';
import { testWorld } from './terminal.ts';

test.each([
  ['0', 0],
  ['1_000', 1000],
  ['4GiB', 4 * 2 ** 30],
  ['1 kib', 1024],
  ['-1', undefined],
  ['1.5GiB', undefined],
  ['5GB', undefined],
  ['', undefined],
  ['9007199254740993', undefined],
])('the size %s is %s', (text, size) => {
  expect(parseSize(text)).toBe(size);
});

test('limits replace defaults', () => {
  expect(parseLimits([])).toBe(defaultLimits);
  expect(parseLimits(['depth=5', 'pickleBytes=1MiB'])).toEqual({
    ...defaultLimits,
    depth: 5,
    pickleBytes: 2 ** 20,
  });
  for (const pair of ['depth', 'depth=', 'depth=x', 'nothing=1', '__proto__=1', '=1', 'depth=1=2']) {
    expect(() => parseLimits([pair]), pair).toThrow(UsageError);
  }
});

test('a date is said, or comes from SOURCE_DATE_EPOCH, or is none', () => {
  const at = (text: string | undefined, epoch?: string) =>
    parseCreated(text, testWorld({ env: { SOURCE_DATE_EPOCH: epoch } }))?.toISOString();
  expect(at(undefined)).toBeUndefined();
  expect(at(undefined, '')).toBeUndefined();
  expect(at('now')).toBe('2026-01-01T00:00:00.000Z');
  expect(at('2025-05-06')).toBe('2025-05-06T00:00:00.000Z');
  expect(at('2025-05-06T07:08:09+01:00', '5')).toBe('2025-05-06T06:08:09.000Z');
  expect(at(undefined, '86400')).toBe('1970-01-02T00:00:00.000Z');
  for (const text of ['today', '2025', '2025-13-01', '1 May 2025'])
    expect(() => at(text)).toThrow(UsageError);
  for (const epoch of ['x', '-1', '1e3', '99999999999999999'])
    expect(() => at(undefined, epoch)).toThrow(UsageError);
});
