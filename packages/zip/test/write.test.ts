import { deflateRawSync } from 'node:zlib';
import { fromBytes, TorshError, toBytes } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { zipSink } from '../src/index.ts';
import { contentOf, open, platform, utf8, zipOf } from './support.ts';

/** Bytes as annotated lines of hexadecimal. */
function hex(annotated: string): string {
  return annotated.replace(/#.*/g, '').replace(/\s+/g, '');
}

describe('the bytes of a ZIP', () => {
  it('are these, for one file', async () => {
    const zip = await zipOf([['a.txt', utf8('hi\n')]]);
    expect(Buffer.from(zip).toString('hex')).toBe(
      hex(`
        504b0304      # local header
        1400          # needs version 2.0
        0808          # descriptor, UTF-8
        0000          # stored
        0000 2100     # 1980-01-01 00:00
        00000000      # check sum: in the descriptor
        00000000      # sizes: too
        00000000
        0500 0000     # name of 5 bytes, no extra field
        612e747874    # a.txt
        68690a        # hi, newline
        504b0708      # descriptor
        7a7a6fed      # check sum
        03000000      # sizes
        03000000
        504b0102      # entry of the directory
        2d00          # made by 4.5 on DOS
        1400 0808 0000 0000 2100
        7a7a6fed 03000000 03000000
        0500 0000 0000  # name, extra, comment
        0000 0000       # disk, internal attributes
        00000000        # attributes: none
        00000000        # the entry is at 0
        612e747874
        504b0506      # end record
        0000 0000     # disks
        0100 0100     # one entry
        33000000      # 51 bytes of directory
        36000000      # from byte 54
        0000          # no comment
      `),
    );
  });

  it('are an end record only, for no file', async () => {
    expect(Buffer.from(await zipOf([])).toString('hex')).toBe(`504b0506${'00'.repeat(18)}`);
  });

  it('are the same every time, however the content arrives', async () => {
    const bytes = utf8('0123456789'.repeat(50));
    const once = await zipOf([
      ['a', bytes],
      ['b/c', bytes, 3],
    ]);
    const again = await zipOf([
      ['a', fromBytes(bytes)],
      ['b/c', fromBytes(bytes), 3],
    ]);
    expect(again).toEqual(once);
  });
});

it('what is written reads back', async () => {
  const files = [
    ['metadata/x', utf8('one')],
    ['größe/λ.txt', utf8('two')],
    ['empty', new Uint8Array(0)],
    ['__proto__', utf8('three')],
  ] as const;
  const zip = await open(await zipOf(files));
  expect([...zip.entries.keys()]).toEqual(files.map(([path]) => path));
  for (const [path, content] of files) expect(await contentOf(zip, path)).toEqual(content);
  const listed: unknown[] = [];
  for await (const entry of zip.list()) listed.push(entry);
  expect(listed).toEqual(files.map(([path, { length }]) => ({ path, size: length })));
  expect(await zip.open('nothing')).toBeUndefined();
  expect(zip.directory.notes).toEqual([]);
});

it.each([0, 1, 8, 63, 64, 1000])('byte %i of an entry lies on a 64-byte boundary', async (alignAt) => {
  for (const before of ['', 'x', 'x'.repeat(37), 'x'.repeat(58)]) {
    const content = utf8('y'.repeat(1001));
    const zip = await open(
      await zipOf([
        ['before', utf8(before)],
        ['aligned', content, alignAt],
      ]),
    );
    const { offset } = await zip.source(zip.entries.get('aligned')!).locate!();
    expect((offset + alignAt) % 64).toBe(0);
    expect(await contentOf(zip, 'aligned')).toEqual(content);
  }
});

describe('deflated sources', () => {
  const text = utf8('the same words; '.repeat(100));
  const packed = new Uint8Array(deflateRawSync(text, { level: 1 }));
  const source = { ...fromBytes(text), deflated: fromBytes(packed) };

  it('are copied as they are, never compressed again', async () => {
    const first = await open(await zipOf([['a', source]]));
    const entry = first.entries.get('a')!;
    expect(entry).toMatchObject({ method: 'deflate', size: text.length, compressedSize: packed.length });
    const raw = (await first.open('a'))!.deflated!;
    expect(await raw.read(0, raw.size)).toEqual(packed);
    expect(await contentOf(first, 'a')).toEqual(text);
    const second = await zipOf([['a', (await first.open('a'))!]]);
    expect(second).toEqual(await zipOf([['a', source]]));
  });

  it('are compared with their check sum while they are copied', async () => {
    const wrong = { ...source, expected: { crc32: 1, path: 'a' } };
    await expect(zipOf([['b', wrong]])).rejects.toMatchObject({ code: 'malformed', path: 'a' });
  });

  it('are stored where they are only a part of an entry', async () => {
    const sink = toBytes();
    const zip = zipSink(sink, { platform });
    const file = await zip.create('a', { size: text.length * 2 });
    await file.transfer!([source, source], { platform });
    await file.close();
    await zip.close();
    expect((await open(sink.bytes())).entries.get('a')).toMatchObject({
      method: 'stored',
      size: text.length * 2,
    });
  });
});

describe('wrong arguments', () => {
  const start = () => zipSink(toBytes(), { platform });

  it('a file of unknown size', () => expect(start().create('a')).rejects.toBeInstanceOf(TypeError));

  it('two files at once', async () => {
    const zip = start();
    await zip.create('a', { size: 1 });
    await expect(zip.create('b', { size: 1 })).rejects.toBeInstanceOf(TypeError);
    await expect(zip.close()).rejects.toBeInstanceOf(TypeError);
  });

  it('one file twice', async () => {
    const zip = start();
    await (await zip.create('a', { size: 0 })).close();
    await expect(zip.create('a', { size: 0 })).rejects.toBeInstanceOf(TypeError);
  });

  it.each([0, 2])('%i bytes where one was announced', async (length) => {
    const file = await start().create('a', { size: 1 });
    await file.write(new Uint8Array(length));
    await expect(file.close()).rejects.toBeInstanceOf(TypeError);
  });
});

it('an abort reaches the sink, and an error of the sink the writer', async () => {
  const sink = toBytes();
  await zipSink(sink, { platform }).abort('why');
  await expect(sink.write(new Uint8Array(1))).rejects.toBeInstanceOf(TypeError);
  const full = new TorshError('io', 'full');
  const zip = zipSink({ ...toBytes(), write: () => Promise.reject(full) }, { platform });
  const file = await zip.create('a', { size: 1 });
  await expect(file.write(new Uint8Array(1))).rejects.toBe(full);
});

it('begins where its sink stands', async () => {
  const sink = toBytes();
  await sink.write(utf8('#!'));
  const zip = zipSink(sink, { platform });
  const file = await zip.create('a', { size: 1, alignAt: 0 });
  await file.write(utf8('x'));
  await file.close();
  await zip.close();
  const bytes = sink.bytes().subarray(2);
  expect(await contentOf(await open(bytes), 'a')).toEqual(utf8('x'));
});
