import { readFileSync } from 'node:fs';
import { defaultLimits, fromBytes, fromFiles, toFiles, webPlatform } from '@torsh/bytes';
import { type Archive, createContext, type Issue } from '@torsh/core';
import { describe, expect, it } from 'vitest';
import { applyDelta, type Delta, formatDelta, parseDelta, torshpkg } from '../src/index.ts';
import { pack, smallest } from './pack.ts';
import { readSmall } from './small-reader.ts';

const read = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../../fixtures/torshpkg/${name}`, import.meta.url)));
const golden = read('golden.delta');
const twin = JSON.parse(new TextDecoder().decode(read('golden.delta.json')));

const issues: Issue[] = [];
const context = createContext({
  formats: [torshpkg()],
  platform: webPlatform,
  report: (issue) => issues.push(issue),
});
const open = (bytes: Uint8Array): Promise<Archive> =>
  torshpkg().reader!.open({ files: fromFiles(new Map([['a', fromBytes(bytes)]])), entry: 'a' }, context);
const base = () => open(read('golden-delta-base.torshpkg'));

/** The names, bytes and manifest of a package, without order. */
const content = (bytes: Uint8Array) =>
  Object.fromEntries(
    readSmall(bytes).map(({ name, bytes }) => [
      name,
      name === 'MANIFEST.json' ? JSON.parse(bytes.toString()) : bytes.toString('hex'),
    ]),
  );

describe('the delta of the crate', () => {
  it('is read as its twin in JSON says', () => {
    const delta = parseDelta(golden);
    expect(delta).toMatchObject({
      fromVersion: twin.from_version,
      toVersion: twin.to_version,
      formatVersion: twin.patch_format_version,
      createdAt: twin.created_at,
      patchSize: twin.patch_size,
      targetHash: twin.target_hash,
      metadata: twin.metadata,
    });
    expect(
      delta.operations.map((operation) => {
        switch (operation.kind) {
          case 'add':
            return {
              Add: {
                resource_name: operation.name,
                resource_data: [...operation.data],
                metadata: operation.metadata,
              },
            };
          case 'remove':
            return { Remove: { resource_name: operation.name } };
          case 'modify': {
            const { name, diff, oldHash, newHash } = operation;
            return {
              Modify: { resource_name: name, diff_data: [...diff], old_hash: oldHash, new_hash: newHash },
            };
          }
          default:
            return { UpdateManifest: { field: operation.field, new_value: operation.value } };
        }
      }),
    ).toEqual(twin.operations);
  });

  it('is written as it was, byte for byte', () => {
    expect(formatDelta(parseDelta(golden))).toEqual(golden);
  });

  it('the vector of its encoding, by hand', () => {
    const hex =
      '05312e302e30 05312e312e30 05312e302e30 04 00 0161 04deadfbff 01 016b0176 01 0162 02 0163 0101 016f 016e' +
      '03 0776657273696f6e 05312e312e30 18323032362d30312d30325430333a30343a30352e3637385a fb2c01 0168 00';
    const bytes = new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
    const delta = parseDelta(bytes);
    expect(delta.operations.map(({ kind }) => kind)).toEqual(['add', 'remove', 'modify', 'manifest']);
    expect(delta.patchSize).toBe(300);
    expect(formatDelta(delta)).toEqual(bytes);
    for (const patchSize of [0, 250, 251, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER])
      expect(parseDelta(formatDelta({ ...delta, patchSize })).patchSize).toBe(patchSize);
  });

  it('makes the target of the base, with the digest that it promises', async () => {
    issues.length = 0;
    const target = await applyDelta(await base(), parseDelta(golden), context);
    expect(issues).toEqual([]);
    const output = toFiles();
    await torshpkg().writer!.write(target, output, 'b', context);
    await output.close();
    const made = output.files().get('b')!;
    // The target was made by hand with `n` as a model; the crate that applies the delta makes data of it, too.
    const { 'models/n': n, ...rest } = content(read('golden-delta-target.torshpkg'));
    expect(content(made)).toEqual({ ...rest, 'data/n': n });
    expect((await open(made)).metadata.torsh).toEqual(
      (await open(read('golden-delta-target.torshpkg'))).metadata.torsh,
    );
  });
});

describe('a delta that does not fit', () => {
  const delta = parseDelta(golden);
  const only = (...operations: Delta['operations']): Delta => ({ ...delta, operations });
  const apply = async (changed: Delta) => applyDelta(await base(), changed, context);
  const modify = delta.operations.find(({ kind }) => kind === 'modify') as Extract<
    Delta['operations'][number],
    { kind: 'modify' }
  >;

  it.each<[string, Delta, string]>([
    ['for another version', { ...delta, fromVersion: '0.9.0' }, 'unsupported'],
    ['for what is not there', only({ kind: 'remove', name: 'nothing' }), 'not-found'],
    ['of another content', only({ ...modify, oldHash: '0'.repeat(64) }), 'malformed'],
    ['to another content', only({ ...modify, newHash: '0'.repeat(64) }), 'malformed'],
    ['that is no gzip', only({ ...modify, diff: Uint8Array.of(1, 2, 3) }), 'malformed'],
    ['with damage in it', only({ ...modify, diff: modify.diff.with(15, modify.diff[15]! ^ 1) }), 'malformed'],
    ['that leads out', only({ kind: 'add', name: '../x', data: new Uint8Array(1), metadata: {} }), 'unsafe'],
  ])('%s is refused', async (_, changed, code) => {
    await expect(apply(changed)).rejects.toMatchObject({ code });
  });

  it('that replaces a file leaves it where it was', async () => {
    const whole = await apply(
      only(
        { kind: 'remove', name: 't' },
        { kind: 'add', name: 't', data: Uint8Array.of(7), metadata: { k: 'v' } },
      ),
    );
    expect(await whole.resources.get('config/t')!.data.read(0, 1)).toEqual(Uint8Array.of(7));
    expect([...whole.resources.keys()]).toEqual([
      'MANIFEST.json',
      'config/gone',
      'config/t',
      'config/t.metadata',
    ]);
  });

  it('of a name that two entries have is refused', async () => {
    const parts = ['data/x', 'config/x'].map((name) => ({ name, data: '' }));
    const whole = await open(pack([{ name: 'MANIFEST.json', data: JSON.stringify(smallest) }, ...parts]));
    await expect(applyDelta(whole, only({ kind: 'remove', name: 'x' }), context)).rejects.toMatchObject({
      code: 'ambiguous',
    });
  });

  it('gives a note where its digest is of another manifest', async () => {
    issues.length = 0;
    await apply({ ...delta, targetHash: '0'.repeat(64) });
    expect(issues.map(({ code }) => code)).toEqual(['target-digest']);
  });

  it('is read or refused, wherever it is cut off or changed', () => {
    for (let at = 0; at < golden.length; at++) {
      expect(() => parseDelta(golden.subarray(0, at))).toThrow(
        expect.objectContaining({ name: 'TorshError' }),
      );
      for (const value of [0, 0xfb, 0xfd, 0xff, golden[at]! ^ 1]) {
        try {
          parseDelta(golden.with(at, value));
        } catch (error) {
          expect(error).toMatchObject({ name: 'TorshError' });
        }
      }
    }
    const claim = Uint8Array.of(0, 0, 0, 0xfd, 255, 255, 255, 255, 1, 0, 0, 0);
    expect(() => parseDelta(claim, { ...defaultLimits, entries: 10 })).toThrow(
      expect.objectContaining({ code: 'limit' }),
    );
  });
});
