import { decodeUtf8 } from '@torsh/bytes';
import type { Context, Format, Input } from './format.ts';
import { entrySource, head } from './input.ts';

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
  return kind ?? `No format recognises this file of ${source.size} bytes; torsh reads ${known}.`;
}

/** The first bytes; `-1` is any byte. */
const signatures: readonly (readonly [bytes: readonly number[], sentence: string])[] = [
  [[0x1f, 0x8b], 'This is a gzip file. Unpack it first (gunzip), then convert what is inside.'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'This is a 7z archive. Unpack it first, then convert what is inside.'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'This is a zstd file. Unpack it first (unzstd), then convert what is inside.'],
  [[0x89, 0x48, 0x44, 0x46], 'This is an HDF5 file (Keras weights?); torsh does not read it yet.'],
  [[0x89, 0x50, 0x4e, 0x47], 'This is a PNG picture, not a model.'],
  [[0xff, 0xd8, 0xff], 'This is a JPEG picture, not a model.'],
  [[0x25, 0x50, 0x44, 0x46], 'This is a PDF document, not a model.'],
  [[0x47, 0x47, 0x55, 0x46], 'This is a GGUF model; torsh does not read it yet.'],
  [[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], 'This is a NumPy array (.npy); torsh does not read it yet.'],
  [[0x7f, 0x45, 0x4c, 0x46], 'This is a program (ELF), not a model.'],
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
  const text = decodeUtf8(bytes.subarray(0, Math.min(bytes.length, 256)))?.trimStart();
  if (text === undefined) return undefined;
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    return 'This is a git-lfs pointer, not the model itself. Fetch the model with `git lfs pull`.';
  }
  if (/^<(!doctype html|html|head|\?xml)/i.test(text)) {
    return 'This is a web page, not a model: the download gave an error or a login page. Fetch the file again.';
  }
  if (text.startsWith('{"error"') || text.startsWith('<Error>')) {
    return 'This is the error message of a server, not a model. Fetch the file again.';
  }
  return undefined;
}
