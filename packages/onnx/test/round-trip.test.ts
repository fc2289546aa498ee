import { type Archive, archive, type Format, type Issue, model, plan, torsh } from '@torsh/core';
import { expect, it } from 'vitest';
import { onnx } from '../src/index.ts';
import { fixture, fixtureNames, lent, opened, openFixture, written } from './fixtures.ts';

async function planned(format: Format, whole: Archive, name: string) {
  expect(plan(whole, format).issues).toEqual([]);
  return written(format, whole, name);
}

it.each(fixtureNames)('gives %s back to the byte, by way of torsh', async (name) => {
  const { entry, files } = fixture(name);
  const stored = await planned(torsh(), await opened(onnx(), files, entry), 'x.torsh');
  const back = await planned(onnx(), await opened(torsh(), stored, 'x.torsh'), entry);
  expect([...back.keys()].sort()).toEqual([...files.keys()].sort());
  for (const [path, bytes] of files) expect(back.get(path), path).toEqual(bytes);
});

it('takes out every weight that can be given back', async () => {
  const kept: string[] = [];
  for (const name of fixtureNames) {
    const issues: Issue[] = [];
    const { entry, files } = fixture(name);
    await opened(onnx(), files, entry, lent(issues));
    if (issues.some(({ code }) => code === 'kept-in-graph')) kept.push(name);
  }
  expect(kept).toEqual(['odd-nibbles.onnx', 'strings.onnx', 'typed-float6e2m3.onnx', 'wrong-size.onnx']);
});

it('makes no graph up', () => {
  const weights = archive('safetensors', { models: [model([])] });
  expect(plan(weights, onnx())).toMatchObject({ possible: false, issues: [{ code: 'no-graph' }] });
});

it('joins what it lends', async () => {
  // The graph is many stretches of the file: whoever reads across them gets the same bytes.
  const { data } = (await openFixture('functions.onnx')).resources.get('onnx/graph.onnx')!;
  const whole = (await data.read(0, data.size)).slice();
  for (let at = 0; at < data.size; at += 7) {
    const length = Math.min(40, data.size - at);
    expect(await data.read(at, length)).toEqual(whole.subarray(at, at + length));
  }
});
