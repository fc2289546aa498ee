import { expect, it } from 'vitest';
import { toBytes, toFiles } from '../src/index.ts';

it('toBytes gives what was written, once it is closed', async () => {
  const sink = toBytes();
  const lent = Uint8Array.of(1, 2);
  await sink.write(lent);
  lent.fill(9); // what was lent may be used again
  await sink.write(Uint8Array.of(3));
  expect([sink.position, sink.closed]).toEqual([3, false]);
  expect(() => sink.bytes()).toThrow(TypeError);
  await sink.close();
  expect([...sink.bytes()]).toEqual([1, 2, 3]);
  await expect(sink.write(lent)).rejects.toBeInstanceOf(TypeError);
});

it('toBytes forgets everything when it is aborted', async () => {
  const sink = toBytes();
  await sink.write(Uint8Array.of(1));
  await sink.abort(new Error('x'));
  expect(sink.closed).toBe(false);
  expect(() => sink.bytes()).toThrow(TypeError);
  await expect(sink.write(Uint8Array.of(1))).rejects.toBeInstanceOf(TypeError);
});

it('toFiles holds files by path and makes none twice', async () => {
  const tree = toFiles();
  const first = await tree.create('a/b');
  await first.write(Uint8Array.of(5));
  await expect(tree.create('a/b')).rejects.toBeInstanceOf(TypeError);
  expect(() => tree.files()).toThrow(TypeError); // one is still open
  await first.close();
  await tree.close();
  expect(tree.files()).toEqual(new Map([['a/b', Uint8Array.of(5)]]));
  await tree.abort();
  expect(tree.files().size).toBe(0);
});
