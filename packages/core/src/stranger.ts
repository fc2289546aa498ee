import { type ByteSource, decodeUtf8 } from '@torsh/bytes';
import { openZip } from '@torsh/zip';
import type { Context, Format, Input } from './format.ts';
import { entrySource, head } from './input.ts';
import { PATCH_INFO_PATH } from './patch/head.ts';

/** One sentence on a file that no format claims: what it is, as far as its first bytes tell, and what to do. */
export async function describeStranger(
  input: Input,
  formats: readonly Format[],
  context: Context,
): Promise<string> {
  const known = formats
    .filter((format) => format.reader)
    .map((format) => format.id)
    .join(', ');
  const source = await entrySource(input, context);
  if (source === undefined) return `No format recognises this folder; torsh reads ${known}.`;
  if (source.size === 0)
    return 'The file is empty: 0 bytes. The download or the save did not finish; fetch it again.';
  const kind = kindOf(await head(source, 512, context));
  if (kind === undefined && (await isEmptyInside(source, context))) {
    return `The file is nothing but zeros as far as it was looked at (${source.size} bytes): a copy or a download that reserved its place and did not finish. Fetch it again.`;
  }
  if (kind === undefined) await checkZip(source, context);
  return kind ?? `No format recognises this file of ${source.size} bytes; torsh reads ${known}.`;
}

/** Throws what is wrong with a ZIP that none of the formats could open: that is what its owner must know. */
async function checkZip(source: ByteSource, context: Context): Promise<void> {
  if (!startsWithText(await head(source, 4, context), 0, 'PK\x03\x04')) return;
  await openZip(source, { ...context, strictness: 'tolerant' });
}

const zlib =
  'This is compressed by zlib, perhaps by joblib.dump with compress. Load it and dump it again without, then convert that.';
const bzip2 = 'This is a bzip2 file. Unpack it first (bunzip2), then convert what is inside.';
const ggml = 'This is a GGML model, from before GGUF; torsh does not read it.';

/** The first bytes; `-1` is any byte. */
const signatures: readonly (readonly [bytes: readonly number[], sentence: string])[] = [
  [[0x1f, 0x8b], 'This is a gzip file. Unpack it first (gunzip), then convert what is inside.'],
  [
    [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
    'This is a 7z archive. Unpack it first, then convert what is inside.',
  ],
  [[0x28, 0xb5, 0x2f, 0xfd], 'This is a zstd file. Unpack it first (unzstd), then convert what is inside.'],
  [
    [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
    'This is an xz file. Unpack it first (unxz), then convert what is inside.',
  ],
  [[0x42, 0x5a, 0x68, -1, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59], bzip2],
  [
    [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07],
    'This is a RAR archive. Unpack it first (unrar), then convert what is inside.',
  ],
  [
    [0x04, 0x22, 0x4d, 0x18],
    'This is an lz4 file, perhaps of joblib. Unpack it first (unlz4), then convert what is inside.',
  ],
  ...[0x01, 0x5e, 0x9c, 0xda].map((level) => [[0x78, level], zlib] as const),
  [
    [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a],
    'This is an HDF5 file (Keras weights?); torsh does not read it yet.',
  ],
  [[0x89, 0x50, 0x4e, 0x47], 'This is a PNG picture, not a model.'],
  [[0xff, 0xd8, 0xff], 'This is a JPEG picture, not a model.'],
  [[0x25, 0x50, 0x44, 0x46], 'This is a PDF document, not a model.'],
  [[0x47, 0x47, 0x55, 0x46], 'This is a GGUF model; torsh does not read it yet.'],
  // The numbers ggml, ggmf and ggjt, lowest byte first.
  ...[
    [0x6c, 0x6d, 0x67, 0x67],
    [0x66, 0x6d, 0x67, 0x67],
    [0x74, 0x6a, 0x67, 0x67],
  ].map((magic) => [magic, ggml] as const),
  [[-1, -1, -1, -1, 0x54, 0x46, 0x4c, 0x33], 'This is a TensorFlow Lite model; torsh does not read it yet.'],
  [
    [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59],
    'This is a NumPy array (.npy); torsh does not read it yet. Loaded and saved by pickle.dump it does.',
  ],
  [[0x7f, 0x45, 0x4c, 0x46], 'This is a program (ELF), not a model.'],
  [
    [0x12, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    'These are parameters of MXNet; torsh does not read them yet.',
  ],
  [
    [-1, -1, -1, -1, 0x50, 0x54, 0x4d, 0x46],
    'This is a mobile module of PyTorch as a flatbuffer. Load it with torch.jit.load, save it again with torch.jit.save, and convert that.',
  ],
  [
    [0x50, 0x59, 0x54, 0x4f, 0x52, 0x43, 0x48, 0x31],
    'This is a module of a preview of PyTorch 1.0, which no release reads. Save it again with the preview that made it, as a state dict.',
  ],
];

function kindOf(bytes: Uint8Array): string | undefined {
  for (const [signature, sentence] of signatures) {
    if (signature.every((byte, index) => byte === -1 || bytes[index] === byte)) return sentence;
  }
  if (startsWithText(bytes, 257, 'ustar'))
    return 'This is a tar archive. Unpack it first (tar -xf), then convert what is inside.';
  const zip = zipSentence(bytes);
  if (zip !== undefined) return zip;
  const text = decodeUtf8(bytes.subarray(0, Math.min(bytes.length, 256)))?.trimStart();
  if (text === undefined) return undefined;
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    return 'This is a git-lfs pointer, not the model itself. Fetch the model with `git lfs pull`.';
  }
  if (/^(<\?xml[^>]*>\s*)?<Error>/.test(text)) {
    return 'This is the error message of a server, not a model. Fetch the file again.';
  }
  if (/^<(!doctype html|html|head|\?xml)/i.test(text)) {
    return 'This is a web page, not a model: the download gave an error or a login page. Fetch the file again.';
  }
  if (text.startsWith('{"error"')) {
    return 'This is the error message of a server, not a model. Fetch the file again.';
  }
  return undefined;
}

/** A ZIP that no format claims, by its first entry. */
function zipSentence(bytes: Uint8Array): string | undefined {
  if (bytes.length < 30 || !startsWithText(bytes, 0, 'PK\x03\x04')) return undefined;
  if ((bytes[6]! & 1) === 1)
    return 'This is an encrypted ZIP file. Unpack it with its password, then convert what is inside.';
  const name = decodeUtf8(bytes.subarray(30, 30 + bytes[26]! + bytes[27]! * 256)) ?? '';
  if (name.endsWith('.npy')) return 'These are NumPy arrays (.npz); torsh does not read them yet.';
  if (name === PATCH_INFO_PATH) {
    return 'This is a patch, which makes one model file of another. `torsh patch show` says of which, `torsh patch apply` applies it.';
  }
  return undefined;
}

function startsWithText(bytes: Uint8Array, at: number, text: string): boolean {
  return [...text].every((character, index) => bytes[at + index] === character.charCodeAt(0));
}

/** How many places of a file are looked at, and how much at each. */
const PLACES = 16;
const PLACE_BYTES = 4096;

async function isEmptyInside(source: ByteSource, context: Context): Promise<boolean> {
  for (let place = 0; place < PLACES; place++) {
    const length = Math.min(PLACE_BYTES, source.size);
    const at = Math.floor(((source.size - length) * place) / (PLACES - 1));
    if ((await source.read(at, length, context)).some((byte) => byte !== 0)) return false;
  }
  return true;
}
