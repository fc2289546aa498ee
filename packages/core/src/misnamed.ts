import type { Format } from './format.ts';
import type { Issue } from './issue.ts';

/** Endings that promise one kind of file: what they promise, and the formats that keep the promise. */
const ENDINGS: readonly (readonly [ending: RegExp, promise: string, ...ids: string[]])[] = [
  [/\.safetensors$/i, 'a safetensors file', 'safetensors'],
  [/\.torsh$/i, 'an archive of torsh', 'torsh'],
  [/\.tar$/i, 'a tar', 'torch-tar'],
  [/\.pt2$/i, 'an exported program', 'torch-export'],
  [/\.ptl$/i, 'a TorchScript module for mobile devices', 'torchscript'],
  [/\.onnx$/i, 'an ONNX model', 'onnx'],
  [/\.(?:h5|hdf5|keras)$/i, 'a Keras model'],
  [/\.gguf$/i, 'a GGUF file'],
  [/\.np[yz]$/i, 'an array of NumPy'],
];

/** A note where the content of a file is not what its name promises. The content decides, but a person should know. */
export function misnamed(name: string, { id, title }: Format): Issue | undefined {
  const promised = ENDINGS.find(([ending]) => ending.test(name));
  if (promised === undefined) return undefined;
  const [, promise, ...ids] = promised;
  if (ids.includes(id)) return undefined;
  const message = `The name promises ${promise}, but the content is of another format: ${title}.`;
  return { severity: 'note', code: 'misnamed', message, subject: name };
}
