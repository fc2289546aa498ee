import { expect, test } from 'vitest';
import { formatProgress, progressBar } from '../src/render/progress.ts';
import { recorded, testWorld } from './terminal.ts';

/** A terminal with a clock that the test moves. */
function terminal(options: { isTTY?: boolean; env?: { [name: string]: string } } = {}) {
  const clock = { time: 1000 };
  const stderr = recorded({ isTTY: options.isTTY ?? true, columns: 80 });
  return { clock, stderr, world: testWorld({ stderr, env: options.env ?? {}, now: () => clock.time }) };
}

test('a bar is drawn at most ten times a second, and taken away', () => {
  const { clock, stderr, world } = terminal();
  const bar = progressBar(world, true);
  for (let done = 0; done <= 1000; done++) {
    clock.time += 1;
    bar.update({ stage: 'writing', done, total: 1000 });
  }
  bar.clear();
  const draws = stderr.text().split('Writing').length - 1;
  expect(draws).toBeGreaterThan(5);
  expect(draws).toBeLessThanOrEqual(8);
  expect(stderr.text().endsWith('\r\x1b[K')).toBe(true);
});

test('a terminal that does not know its width gets a bar too', () => {
  const { clock, world } = terminal();
  const stderr = recorded({ isTTY: true, columns: 0 });
  const bar = progressBar({ ...world, stderr }, true);
  clock.time += 1000;
  bar.update({ stage: 'reading', done: 1, total: 2 });
  expect(stderr.text()).toContain('Reading ');
});

test('short work shows no bar', () => {
  const { clock, stderr, world } = terminal();
  const bar = progressBar(world, true);
  clock.time += 200;
  bar.update({ stage: 'writing', done: 1, total: 2 });
  bar.clear();
  expect(stderr.text()).toBe('');
});

test('no terminal, a dumb one, or no wish: no bar', () => {
  for (const [options, shown] of [
    [{ isTTY: false }, true],
    [{ env: { TERM: 'dumb' } }, true],
    [{}, false],
  ] as const) {
    const { clock, stderr, world } = terminal(options);
    const bar = progressBar(world, shown);
    clock.time += 5000;
    bar.update({ stage: 'reading', done: 1, total: 2 });
    bar.clear();
    expect(stderr.text()).toBe('');
  }
});

test('the line fits whatever the width', () => {
  const progress = { stage: 'writing', done: 3 * 2 ** 30, total: 4 * 2 ** 30 } as const;
  for (let width = 0; width < 200; width++) {
    expect([...formatProgress(progress, 12, width)].length).toBeLessThanOrEqual(width);
  }
  expect(formatProgress(progress, 3, 100)).toBe(
    `Writing ${'█'.repeat(23)}${'░'.repeat(7)}  75%  3.0 GiB of 4.0 GiB  1.0 GiB/s  1.00 s left`,
  );
});

test('nothing to do is done', () => {
  expect(formatProgress({ stage: 'verifying', done: 0, total: 0 }, 0, 60)).toContain('100%');
});
