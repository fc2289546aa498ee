import { type ByteSource, checkRead, fromBytes } from '@torsh/bytes';
import { assemble } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import {
  dict,
  FOUR_FLOATS,
  file,
  global,
  list,
  open,
  openAndRead,
  type Records,
  refusal,
  refused,
  tensor,
  zipped,
} from '../support.ts';

const PICKLE = assemble(dict(['a', tensor()]));
const GOOD: Records = { 'm/data.pkl': PICKLE, 'm/data/0': new Uint8Array(16), 'm/version': '3\n' };

describe('records that are not as torch writes them', () => {
  it.each<[what: string, entries: Records, expected: string]>([
    ['there is none', {}, 'malformed'],
    ['there is no data.pkl', { 'm/version': '3\n', 'm/data/0': new Uint8Array(16) }, 'malformed m/data.pkl'],
    ['data.pkl is in upper case', { 'm/DATA.PKL': PICKLE, 'm/version': '3\n' }, 'malformed m/data.pkl'],
    ['data.pkl is one folder down', { 'm/n/data.pkl': PICKLE, 'm/version': '3\n' }, 'malformed m/data.pkl'],
    ['there is no folder', { 'data.pkl': PICKLE, 'data/0': new Uint8Array(16) }, 'malformed data.pkl'],
    ['there are two folders', { ...GOOD, 'n/data.pkl': PICKLE }, 'malformed n/data.pkl'],
    ['two folders differ in case', { ...GOOD, 'M/extra': '' }, 'malformed M/extra'],
    ['one record is beside the folder', { ...GOOD, evil: '' }, 'malformed evil'],
    ['one folder begins like the other', { ...GOOD, 'mm/data.pkl': PICKLE }, 'malformed mm/data.pkl'],
    [
      'the byte order is a word that means nothing',
      { ...GOOD, 'm/byteorder': 'middle' },
      'malformed byteorder',
    ],
    ['the byte order has a line feed', { ...GOOD, 'm/byteorder': 'little\n' }, 'malformed byteorder'],
    ['the byte order is in upper case', { ...GOOD, 'm/byteorder': 'LITTLE' }, 'malformed byteorder'],
    ['the byte order is empty', { ...GOOD, 'm/byteorder': '' }, 'malformed byteorder'],
    ['the byte order is long', { ...GOOD, 'm/byteorder': 'little'.repeat(100_000) }, 'malformed byteorder'],
    [
      'the byte order is no text',
      { ...GOOD, 'm/byteorder': Uint8Array.of(0xff, 0xfe) },
      'malformed byteorder',
    ],
    ['it is a TorchScript module', { ...GOOD, 'm/constants.pkl': PICKLE }, 'unsupported'],
    [
      'it is a TorchScript module of the first kind',
      { 'm/model.json': '{}', 'm/version': '1\n' },
      'unsupported',
    ],
    ['it is a torch.package', { ...GOOD, 'm/.data/extern_modules': '' }, 'unsupported'],
    ['it is a torch.export archive', { ...GOOD, 'm/archive_format': 'pt2' }, 'unsupported'],
  ])('%s: %s', async (_, entries, expected) => {
    expect(await refused(await zipped(entries))).toBe(expected);
  });

  it('are told where they are of no use, and where they miss', async () => {
    const told = async (entries: Records) =>
      (await openAndRead(await zipped(entries))).issues.map(
        ({ severity, code, subject }) => `${severity} ${code}${subject === undefined ? '' : ` ${subject}`}`,
      );
    expect(await told(GOOD)).toEqual([]);
    const { 'm/version': _, ...unversioned } = GOOD;
    expect(await told(unversioned)).toEqual(['note no-version']);
    expect(await told({ ...GOOD, 'm/data/1': new Uint8Array(4) })).toEqual(['loss unused-record data/1']);
    expect(await told({ ...GOOD, 'm/evil.pkl': 'x', 'm/evil.py': 'y' })).toEqual([
      'loss unused-record evil.pkl',
    ]);
    const longer = new Uint8Array([...PICKLE, 1, 2]);
    expect(await told({ ...GOOD, 'm/data.pkl': longer })).toEqual(['loss bytes-behind-pickle data.pkl']);
  });

  it('have a version of any text, of which no more than a page is kept', async () => {
    const { torch } = await open(await zipped({ ...GOOD, 'm/version': `${'9'.repeat(100_000)}` }));
    expect((torch.version as string).length).toBe(4096);
    const odd = await open(await zipped({ ...GOOD, 'm/version': Uint8Array.of(0xff, 0) }));
    expect(odd.torch.version).toBe('\ufffd\0');
  });
});

describe('what an error says', () => {
  it('names the record, and what to think of the file', async () => {
    const error = await refusal(await file(dict(['a', tensor()]), { 'data/0': new Uint8Array(12) }));
    expect(error.path).toBe('data/0');
    expect(error.message).toMatch(/12 bytes.*16.*damaged/);
  });

  it('gives the place in the pickle, not in the file', async () => {
    const broken = PICKLE.slice();
    broken[10] = 0xff;
    const error = await refusal(await zipped({ ...GOOD, 'm/data.pkl': broken }));
    expect([error.path, error.offset !== undefined && error.offset < broken.length]).toEqual([
      'data.pkl',
      true,
    ]);
  });
});

describe('a file that changes or fails while it is read', () => {
  const good = file(dict(['a', tensor()], ['b', list(global('my', 'Class'))]), FOUR_FLOATS);

  it('gives the error of the disk as it is', async () => {
    const bytes = await good;
    const reads = await readsOf(fromBytes(bytes));
    expect(reads).toBeGreaterThan(2);
    for (let at = 1; at <= reads; at++) {
      const error = new Error(`the cable was pulled at read ${at}`);
      await expect(open(failing(bytes, at, error))).rejects.toBe(error);
    }
  });

  async function readsOf(source: ByteSource): Promise<number> {
    let reads = 0;
    await open({
      size: source.size,
      read(...args) {
        reads++;
        return source.read(...args);
      },
    });
    return reads;
  }

  function failing(bytes: Uint8Array, from: number, error: Error): ByteSource {
    let reads = 0;
    return {
      size: bytes.length,
      async read(offset, length) {
        checkRead(bytes.length, offset, length);
        if (++reads >= from) throw error;
        return bytes.subarray(offset, offset + length);
      },
    };
  }
});
