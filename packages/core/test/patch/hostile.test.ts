import { deflateRawSync } from 'node:zlib';
import { fromBytes, isTorshError, toBytes } from '@torsh/bytes';
import { zipSink } from '@torsh/zip';
import { beforeAll, expect, it } from 'vitest';
import { applyPatch, archive, type Json } from '../../src/index.ts';
import { putPacked } from '../../src/patch/pack.ts';
import { type Writer, writer } from '../../src/patch/varint.ts';
import { torshBytes, utf8 } from '../support.ts';
import { digestOf } from '../torsh/support.ts';
import { applied, models, noise, patchOf, platform, sideOf, weights } from './support.ts';

let base: Uint8Array;
let target: Uint8Array;
let patch: Uint8Array;

beforeAll(async () => {
  base = await torshBytes(archive('test', { models: models(weights('a', 300, 1), weights('b', 300, 2)) }));
  target = await torshBytes(
    archive('test', { models: models(weights('a', 300, 1, 1), weights('b', 300, 2)) }),
  );
  patch = await patchOf(await sideOf(base), await sideOf(target));
});

async function codeOf(from: Uint8Array, bytes: Uint8Array): Promise<string | undefined> {
  const sink = toBytes();
  try {
    await applyPatch(fromBytes(from), fromBytes(bytes), sink, { platform });
    return undefined;
  } catch (error) {
    expect(sink.closed).toBe(false);
    if (isTorshError(error)) return error.code;
    throw error;
  }
}

it('refuses every other base', async () => {
  expect(await codeOf(target.subarray(1), patch)).toBe('unsupported');
  for (const at of [0, 100, base.length >> 1, base.length - 1]) {
    const other = base.slice();
    other[at]! ^= 1;
    expect(await codeOf(other, patch)).toBe('unsupported');
  }
});

it('refuses a patch that was cut off or changed, at every byte', async () => {
  for (let length = 0; length < patch.length; length++) {
    expect(await codeOf(base, patch.subarray(0, length))).toMatch(/malformed|truncated|unsupported/);
  }
  for (let at = 0; at < patch.length; at++) {
    const changed = patch.slice();
    changed[at]! ^= 1 << (at % 8);
    expect(await codeOf(base, changed), `byte ${at}`).toMatch(/malformed|truncated|unsupported|unsafe|limit/);
  }
});

it('passes an abort on untouched', async () => {
  const reason = new Error('enough');
  const sink = toBytes();
  const signal = AbortSignal.abort(reason);
  await expect(applyPatch(fromBytes(base), fromBytes(patch), sink, { platform, signal })).rejects.toBe(
    reason,
  );
});

const small = noise(64, 3);
const same = { size: small.length, sha256: digestOf(small) };

/** A patch of one segment, well formed outside of it. */
async function forged(fill: (to: Writer) => void, head: { [key: string]: Json } = {}): Promise<Uint8Array> {
  const to = writer();
  fill(to);
  const text = JSON.stringify({
    format_version: '1.0',
    base: same,
    target: same,
    segments: 1,
    steps: 1,
    copied: 0,
    changed: 0,
    added: 0,
    ...head,
  });
  const sink = toBytes();
  const zip = zipSink(sink, { platform });
  for (const [path, bytes] of [
    ['metadata/patch.info', utf8('torsh-patch 1.0\n')],
    ['steps/00000000', to.take()],
    ['patch.json', utf8(text)],
  ] as const) {
    const entry = await zip.create(path, { size: bytes.length });
    await entry.write(bytes);
    await entry.close();
  }
  await zip.close();
  return sink.bytes();
}

const numbers = (to: Writer, ...values: readonly number[]): void =>
  values.forEach((value) => void to.varint(value));
const stored = (bytes: Uint8Array) => ({ deflated: false, bytes });

it('takes the forged patch that is true', async () => {
  expect(await applied(small, await forged((to) => numbers(to, 1, 64, 0)))).toEqual(small);
});

it.each<[what: string, fill: (to: Writer) => void]>([
  ['a copy from behind the base', (to) => numbers(to, 1, 64, 1)],
  ['a copy from far behind the base', (to) => numbers(to, 1, 64, 2 ** 52)],
  ['a step of nothing', (to) => numbers(to, 1, 0, 0)],
  ['a step of an unknown kind', (to) => numbers(to, 9, 64, 0)],
  ['less than the target', (to) => numbers(to, 1, 63, 0)],
  ['more than the target', (to) => numbers(to, 1, 64, 0, 1, 1, 0)],
  ['more than the target, in one step', (to) => numbers(to, 1, 2 ** 40, 0)],
  ['a step that is cut off', (to) => numbers(to, 1, 64)],
  ['a number that is longer than it must be', (to) => to.bytes(Uint8Array.of(1, 0xc0, 0x80, 0x00, 0))],
  ['a number above 2^53', (to) => to.bytes(Uint8Array.of(1, ...Array(8).fill(0xff), 0x7f, 0))],
  ['numbers of three bytes', (to) => numbers(to, 3, 64, 3)],
  ['numbers that are cut in two', (to) => numbers(to, 3, 63, 2)],
  ['a delta with no place to order by', (to) => numbers(to, 2, 64, 2, 16, 0)],
  ['a delta of more than one step may make', (to) => numbers(to, 2, 2 ** 23, 1, 255, 0)],
  [
    'a plane that is too short',
    (to) => {
      numbers(to, 3, 64, 1);
      putPacked(to, stored(new Uint8Array(63)));
    },
  ],
  [
    'a weave that copies a byte at a time',
    (to) => {
      const threads = writer();
      for (let byte = 0; byte < 64; byte++) numbers(threads, 0, 1, 0);
      numbers(to, 4, 64, threads.length);
      putPacked(to, stored(threads.take()));
      numbers(to, 0);
      putPacked(to, stored(new Uint8Array(0)));
    },
  ],
  [
    'a weave from before the base',
    (to) => {
      numbers(to, 4, 64, 3);
      putPacked(to, stored(Uint8Array.of(0, 64, 1)));
      numbers(to, 0);
      putPacked(to, stored(new Uint8Array(0)));
    },
  ],
])('refuses %s', async (_, fill) => {
  expect(await codeOf(small, await forged(fill))).toMatch(/malformed|truncated/);
});

it('refuses a bomb in a plane', async () => {
  const bomb = new Uint8Array(deflateRawSync(new Uint8Array(50_000_000)));
  const patch = await forged((to) => {
    numbers(to, 3, 64, 1);
    putPacked(to, { deflated: true, bytes: bomb });
  });
  expect(await codeOf(small, patch)).toBe('malformed');
});

it('refuses a target that is out of all proportion', async () => {
  const huge = { size: 2 ** 40, sha256: same.sha256 };
  expect(await codeOf(small, await forged((to) => numbers(to, 1, 64, 0), { target: huge }))).toBe('limit');
});

it.each<[what: string, head: { [key: string]: Json }]>([
  ['another target', { target: { size: 64, sha256: '0'.repeat(64) } }],
  ['a digest that is none', { target: { size: 64, sha256: 'AB' } }],
  ['more segments than there are', { segments: 2 }],
  ['fewer segments than there are', { segments: 0 }],
  ['sizes below zero', { copied: -1 }],
])('refuses a head with %s', async (_, head) => {
  expect(await codeOf(small, await forged((to) => numbers(to, 1, 64, 0), head))).toBe('malformed');
});

it('does not read a later version', async () => {
  const later = await forged((to) => numbers(to, 1, 64, 0), { format_version: '2.0' });
  expect(await codeOf(small, later)).toBe('unsupported');
});
