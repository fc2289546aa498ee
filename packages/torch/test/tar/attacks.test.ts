import { readFileSync } from 'node:fs';
import { assemble } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import { torchTar } from '../../src/index.ts';
import { call, dict, global, list, open as openWith, tuple } from '../support.ts';
import {
  END,
  type Files,
  GOOD,
  header,
  int64s,
  joined,
  member,
  open,
  rank,
  refused,
  storageFile,
  tar,
  tensorFile,
} from './support.ts';

const FLOATS = global('torch', 'FloatStorage');
const STORAGE = tuple(1, 'cpu', FLOATS);
const empty = assemble(list());

describe('a tar of torch 0.1', () => {
  it('is storages, tensors on them, and an object that names those', async () => {
    const { model, torch, issues } = await open(tar());
    expect([...model.tensors.keys()]).toEqual(['w']);
    expect(torch).toMatchObject({
      kind: 'torch.save tar',
      structure: { w: { $tensor: 'w' } },
      storages: {},
    });
    expect(issues).toEqual([]);
  });

  it('may keep names and sizes in extended headers, begin with ./, and have folders', async () => {
    const extended = new TextEncoder().encode('17 path=storages\n');
    const whole = joined(
      member('./', new Uint8Array(0), '5'),
      member('x', extended, 'x'),
      member('cut', GOOD.storages),
      member('./tensors', GOOD.tensors),
      member('pickle', GOOD.pickle),
      END,
    );
    expect([...(await open(whole)).model.tensors.keys()]).toEqual(['w']);
  });

  it('gives one tensor to all who name it', async () => {
    const twice = { kind: 'persistent', id: '2' } as const;
    const { model } = await open(
      tar({ pickle: assemble(list(twice, twice, { kind: 'persistent', id: '1' })) }),
    );
    expect([...model.tensors.keys()]).toEqual(['0']);
    expect([...model.aliases]).toEqual([
      ['1', '0'],
      ['2', '0'],
    ]);
  });

  it('tells of files and bytes that it does not keep, and of every name', async () => {
    const whole = joined(
      member('storages', joined(GOOD.storages, Uint8Array.of(1))),
      member('tensors', joined(GOOD.tensors, Uint8Array.of(1))),
      member('pickle', joined(assemble(call(global('posix', 'getcwd'))), Uint8Array.of(1))),
      member('readme', Uint8Array.of(1)),
      END,
    );
    const { issues } = await open(whole);
    expect(issues.map(({ severity, code, subject }) => `${severity} ${code} ${subject}`)).toEqual([
      'loss bytes-behind-pickle storages',
      'loss bytes-behind-pickle tensors',
      'note opaque posix.getcwd',
      'loss bytes-behind-pickle pickle',
      'loss unused-storage storages/1',
      'loss unused-member readme',
    ]);
  });

  it('that hides a call in its pickle is told with the byte of it', async () => {
    const file = new URL('../../../../fixtures/scan-cases/legacy_tar.pt', import.meta.url);
    const { issues } = await openWith(new Uint8Array(readFileSync(file)), {}, torchTar());
    expect(issues.map(({ code, subject }) => [code, subject])).toEqual([['opaque', 'posix.getcwd']]);
    expect(issues[0]!.message).toContain('pickle, byte 2');
  });
});

describe('damaged files', () => {
  const cases: readonly (readonly [string, Partial<Files>, string])[] = [
    ['no number of storages', { storages: empty }, 'malformed storages@0'],
    ['a negative one', { storages: assemble(-1) }, 'malformed storages@0'],
    ['a storage that is no tuple', { storages: storageFile(1) }, 'malformed storages@5'],
    [
      'a storage of a class that is none',
      { storages: storageFile(tuple(1, 'cpu', 'x')) },
      'malformed storages@5',
    ],
    ['a key that is none', { storages: storageFile(tuple(null, 'cpu', FLOATS)) }, 'malformed storages@5'],
    [
      'more bytes than there are',
      { storages: storageFile(STORAGE, int64s(5), new Uint8Array(16)) },
      `truncated storages@${assemble(STORAGE).length + 13}`,
    ],
    [
      'a negative length',
      { storages: storageFile(STORAGE, int64s(-1), new Uint8Array(16)) },
      `malformed storages@${assemble(STORAGE).length + 5}`,
    ],
    [
      'two storages of one key',
      {
        storages: joined(assemble(2), ...[1, 2].flatMap(() => [assemble(STORAGE), int64s(0)])),
      },
      `malformed storages@${assemble(STORAGE).length + 13}`,
    ],
    [
      'a stretch of nothing',
      { storages: joined(GOOD.storages.subarray(0, -empty.length), assemble(list(tuple(3, 9, 0, 1)))) },
      `malformed storages@${GOOD.storages.length - empty.length}`,
    ],
    ['a tensor on nothing', { tensors: tensorFile(2, 9, rank(0), int64s(0)) }, 'malformed tensors@5'],
    [
      'a tensor with the key of a storage',
      { tensors: tensorFile(1, 1, rank(0), int64s(0)) },
      'malformed tensors@5',
    ],
    ['a negative rank', { tensors: tensorFile(2, 1, rank(-1)) }, `malformed tensors@${at(GOOD)}`],
    ['a rank of 2^31', { tensors: tensorFile(2, 1, rank(2 ** 31 - 1)) }, `limit tensors@${at(GOOD)}`],
    [
      'a negative size',
      { tensors: tensorFile(2, 1, rank(1), int64s(-4, 1, 0)) },
      `malformed tensors@${at(GOOD) + 8}`,
    ],
    [
      'a size beyond the storage',
      { tensors: tensorFile(2, 1, rank(1), int64s(5, 1, 0)) },
      'malformed storages/1',
    ],
    [
      'sizes that are cut off',
      { tensors: tensorFile(2, 1, rank(2), int64s(2, 2)) },
      `truncated tensors@${at(GOOD) + 24}`,
    ],
    ['a name of nothing', { pickle: assemble({ kind: 'persistent', id: '7' }) }, 'malformed pickle@10'],
    ['a name that is none', { pickle: assemble({ kind: 'persistent', id: null }) }, 'malformed pickle@3'],
    [
      'an object that is cut off',
      { pickle: GOOD.pickle.subarray(0, -1) },
      `truncated pickle@${GOOD.pickle.length - 1}`,
    ],
  ];
  it.each(cases)('%s', async (_, files, wanted) => {
    expect(await refused(tar(files))).toBe(wanted);
  });

  it('hold limits', async () => {
    expect(await refused(tar({ storages: assemble(2 ** 40) }))).toBe('limit storages@0');
    expect(await refused(tar(), { entries: 2 })).toMatch(/^limit x\.pt@/);
  });
});

describe('damaged tars', () => {
  const cut = (name: string) => joined(member('storages', GOOD.storages), header(name, 2 ** 30));
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    [
      'a header with a wrong sum',
      tar().map((byte, at) => (at === 512 * 2 + 3 ? byte ^ 1 : byte)),
      'malformed x.pt@1024',
    ],
    ['a file that is longer than the tar', cut('tensors'), 'truncated x.pt@1536'],
    ['no end', tar().subarray(0, 512 * 6), 'truncated x.pt@3072'],
    ['half a header', tar().subarray(0, 512 * 2 + 100), 'truncated x.pt@1024'],
    [
      'a file twice',
      joined(member('pickle', GOOD.pickle), member('./pickle', GOOD.pickle), END),
      'unsafe x.pt@1024',
    ],
    ['a link', joined(member('storages', new Uint8Array(0), '2'), END), 'malformed x.pt@0'],
    ['no file of storages', joined(member('sys_info', empty), END), 'malformed storages'],
    [
      'a size that is no number',
      joined(
        header('pickle', 0, '0', (block) => block.fill(0x39, 124, 136)),
        END,
      ),
      'malformed x.pt@0',
    ],
    [
      'a size of 2^80',
      joined(
        header('pickle', 0, '0', (block) => block.fill(0xff, 125, 136).fill(0x80, 124, 125)),
        END,
      ),
      'malformed x.pt@0',
    ],
    [
      'an extended header that is none',
      joined(member('x', Uint8Array.of(0x39, 0x20), 'x'), END),
      'malformed x.pt@512',
    ],
  ];
  it.each(cases)('%s', async (_, bytes, wanted) => {
    expect(await refused(bytes)).toBe(wanted);
  });

  it('end in an error wherever they are cut off', async () => {
    const whole = tar();
    for (let size = 0; size <= whole.length - END.length; size++) {
      expect(await refused(whole.subarray(0, size)), `${size}`).toMatch(/^truncated x\.pt@\d+$/);
    }
  });
});

it('a stretch is a window on its storage', async () => {
  const storages = joined(
    storageFile(STORAGE, int64s(4), new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer)),
    assemble(list(tuple(3, 1, 1, 3))),
  );
  const tensors = tensorFile(2, 3, rank(1), int64s(2, 1, 1));
  const { model, torch } = await open(tar({ storages, tensors }));
  const { data } = model.tensors.get('w')!;
  expect(Array.from(new Float32Array((await data.read(0, 8)).slice().buffer))).toEqual([3, 4]);
  expect(torch.structure).toEqual({ w: { $tensor: 'w', storage: '1', offset: 2 } });
});

it('a class comes with its source', async () => {
  const net = { kind: 'persistent', id: tuple(global('nets', 'Net'), 'nets.py', 'class Net: pass') } as const;
  const { archive } = await open(tar({ pickle: assemble(dict(['net', net])) }));
  expect([...archive.resources.keys()]).toEqual(['nets/Net.py']);
});

/** Where the numbers of the first tensor begin. */
function at({ tensors }: Files): number {
  return tensors.length - 8 - 24;
}
