import { gzipSync } from 'node:zlib';
import { fromFiles } from '@torsh/bytes';
import { expect, it } from 'vitest';
import { detect, torsh } from '../src/index.ts';
import { contextOf, inputOf } from './support.ts';

const sentence = async (bytes: Uint8Array | string): Promise<string> =>
  detect(inputOf(bytes, 'model.pt'), [torsh()], contextOf()).then(
    () => 'claimed',
    (error: Error) => error.message,
  );

// The sentences are for people and may change; the word by which a person sees what happened may not.
it.each([
  ['an empty file', '', /empty/],
  ['a web page', '<!DOCTYPE html>\n<html><head><title>Sign in</title>', /web page/],
  ['a web page in lower case, after a blank line', '\n<html>', /web page/],
  [
    'a git-lfs pointer',
    'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n',
    /git lfs pull/,
  ],
  ['the error of a server', '{"error":"Repository not found"}', /server/],
  ['gzip', new Uint8Array(gzipSync('x')), /gunzip/],
  ['7z', Uint8Array.of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c), /7z/],
  ['zstd', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0), /zstd/],
  ['HDF5', Uint8Array.of(0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10), /HDF5/],
  ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), /PNG/],
  ['a photograph', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), /JPEG/],
  ['GGUF', 'GGUF\u0003', /GGUF/],
  ['NumPy', Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0), /NumPy/],
  ['a program', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46), /ELF/],
  ['a document', '%PDF-1.7', /PDF/],
  ['a mobile module', '@\0\0\0PTMF\0\0', /flatbuffer.*torch\.jit\.save/],
  ['a module of a preview', 'PYTORCH1\0\0', /preview of PyTorch 1\.0/],
  ['anything else', Uint8Array.of(1, 2, 3), /3 bytes.*torsh/],
])('says what it is: %s', async (_, bytes, pattern) => {
  expect(await sentence(bytes)).toMatch(pattern);
});

it('says so of a folder, too', async () => {
  const folder = { files: fromFiles(new Map()) };
  await expect(detect(folder, [torsh()], contextOf())).rejects.toThrow(/folder/);
});

it('a file that is not there is not found', async () => {
  const missing = { files: fromFiles(new Map()), entry: 'gone.pt' };
  await expect(detect(missing, [torsh()], contextOf())).rejects.toMatchObject({
    code: 'not-found',
    path: 'gone.pt',
  });
});
