import { readFileSync } from 'node:fs';
import { fromBytes } from '@torsh/bytes';
import { openZip } from '@torsh/zip';
import { expect, it } from 'vitest';
import { pack } from '../../src/patch/pack.ts';
import { split } from '../../src/patch/planes.ts';
import { putStep } from '../../src/patch/step.ts';
import { writer } from '../../src/patch/varint.ts';
import { contextOf } from '../support.ts';
import { applied, patchOf, platform } from './support.ts';

const spec = new URL('../../../../docs/spec/', import.meta.url);
const vector = (name: string) => new Uint8Array(readFileSync(new URL(`vectors/patch/${name}`, spec)));

/** The annotated bytes of the document: two hexadecimal digits each, up to the first other word of a line. */
const blocks = Array.from(
  readFileSync(new URL('torsh-patch-1.md', spec), 'utf8').matchAll(/```text\n([\s\S]*?)```/g),
  ([, text]) =>
    text!
      .split('\n')
      .flatMap((line) => /^((?:[0-9a-f]{2} )*)/.exec(`${line} `)![1]!.match(/[0-9a-f]{2}/g) ?? [])
      .join(' '),
);

const hex = (bytes: Uint8Array) =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');

it('is what the document says: a weave', async () => {
  const [base, target, patch] = ['weave.base', 'weave.target', 'weave.torshpatch'].map(vector);
  expect(await applied(base!, patch!)).toEqual(target);
  expect(await patchOf({ file: fromBytes(base!) }, { file: fromBytes(target!) })).toEqual(patch);
  const zip = await openZip(fromBytes(patch!), { ...contextOf(), strictness: 'strict' });
  const segment = await zip.open('steps/00000000');
  expect(hex(await segment!.read(0, segment!.size))).toBe(blocks[0]);
});

it('is what the document says: a delta', async () => {
  const form = { width: 2, shift: 7 } as const;
  const base = Uint8Array.from([0x80, 0x3f, 0x00, 0x40, 0x80, 0xbf]);
  const target = Uint8Array.from([0x81, 0x3f, 0x02, 0x40, 0x81, 0xbf]);
  const planes = await Promise.all(split(target, base, form).map((plane) => pack(plane, platform)));
  const to = writer();
  putStep(to, { kind: 'delta', form, from: 0, length: 6, planes });
  expect(hex(to.take())).toBe(blocks[1]);
});
