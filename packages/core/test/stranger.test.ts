import { fromBytes, fromFiles, webPlatform } from '@torsh/bytes';
import { expect, it } from 'vitest';
import { createContext, detect } from '../src/index.ts';

const context = createContext({ formats: [], platform: webPlatform });
const hex = (content: string) => Uint8Array.from(content.match(/../g)!, (byte) => Number.parseInt(byte, 16));
const text = (content: string) => new TextEncoder().encode(content);

async function sentence(bytes: Uint8Array): Promise<string> {
  const input = { files: fromFiles(new Map([['x', fromBytes(bytes)]])), entry: 'x' };
  const error = await detect(input, [], context).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'unsupported', path: 'x' });
  return (error as Error).message;
}

/** A word that the sentence must have: what the file is, or what to do. */
it.each<[string, Uint8Array, RegExp]>([
  ['gzip', hex('1f8b0800'), /gunzip/],
  ['zstd', hex('28b52ffd'), /unzstd/],
  ['xz', hex('fd377a585a00'), /unxz/],
  ['bzip2', hex('425a683931415926535900'), /bunzip2/],
  ['7z', hex('377abcaf271c'), /7z/],
  ['RAR 5', hex('526172211a070100'), /unrar/],
  ['a patch', text(`PK\x03\x04${'\0'.repeat(22)}\x13\0\0\0metadata/patch.info`), /torsh patch apply/],
  ['lz4', hex('04224d18'), /lz4/],
  ['zlib', hex('789c6b60'), /joblib/],
  ['HDF5', hex('894844460d0a1a0a'), /HDF5/],
  ['GGUF', text('GGUF'), /GGUF/],
  ['GGML, whose number is 0x67676d6c', hex('6c6d6767'), /GGML/],
  ['TensorFlow Lite', hex('1c00000054464c33'), /TensorFlow Lite/],
  ['npy', hex('934e554d50590100'), /NumPy/],
  [
    'npz',
    Uint8Array.of(...hex('504b0304140000000000'), ...new Uint8Array(16), 5, 0, 0, 0, ...text('x.npy')),
    /npz/,
  ],
  ['MXNet', hex('12010000000000000000000000000000'), /MXNet/],
  ['an encrypted ZIP', Uint8Array.of(...hex('504b03041400010008'), ...new Uint8Array(40)), /password/],
  [
    'a tar',
    Uint8Array.of(...text('a.txt'), ...new Uint8Array(252), ...text('ustar\0'), ...new Uint8Array(249)),
    /tar -xf/,
  ],
  ['the error of a bucket', text('<?xml version="1.0"?>\n<Error><Code>NoSuchKey</Code></Error>'), /server/],
  ['the error of a hub', text('{"error":"Repository not found"}'), /server/],
  ['a web page', text('<!DOCTYPE html><html></html>'), /web page/],
  ['a pointer', text('version https://git-lfs.github.com/spec/v1\n'), /git lfs pull/],
  ['zeros', new Uint8Array(100_000), /zeros/],
  ['nothing', new Uint8Array(), /empty/],
])('%s is named', async (_, bytes, word) => expect(await sentence(bytes)).toMatch(word));

it('does not call zeros what has something in its middle', async () => {
  const bytes = new Uint8Array(60_000);
  bytes[30_000] = 1;
  expect(await sentence(bytes)).not.toMatch(/zeros/);
});
