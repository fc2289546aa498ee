import { expect, it } from 'vitest';
import { queues } from '../../src/diff/queues.ts';

it('gives what waits under a key in its order, once', () => {
  const waiting = queues<number>();
  for (const [key, item] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
    ['a', 4],
  ] as const)
    waiting.add(key, item);
  expect([waiting.take('a'), waiting.take('c'), waiting.take('b'), waiting.take('b')]).toEqual([
    1,
    undefined,
    2,
    undefined,
  ]);
  expect(waiting.rest()).toEqual([3, 4]);
  waiting.add('b', 5);
  expect(waiting.take('b')).toBe(5);
});

it('does not take longer where all wait under one key', () => {
  const waiting = queues<number>();
  const count = 300_000;
  for (let item = 0; item < count; item++) waiting.add('', item);
  for (let item = 0; item < count; item++) waiting.take('');
  expect(waiting.rest()).toEqual([]);
}, 5_000);
