import type { Resource } from '../archive.ts';

/** The names of docs/spec/torsh-1.md, section "Layout". */

export const FORMAT_VERSION = '1.0';
export const INFO_PATH = 'metadata/package.info';
/** The first entry: 51 bytes in, every .torsh file says what it is. */
export const INFO_TEXT = 'torsh 1.0\n';
export const MANIFEST_PATH = 'manifest.json';

const RECORDS = 'metadata/';
const MODELS = 'models/';
const MODEL_SUFFIX = '.safetensors';

export const CODE = 'code/';
export const RESOURCES = 'resources/';

export const modelPath = (name: string): string => `${MODELS}${name}${MODEL_SUFFIX}`;
export const recordPath = (namespace: string): string => `${RECORDS}${namespace}.json`;
export const resourcePath = ({ role, path }: Resource): string =>
  `${role === 'code' ? CODE : RESOURCES}${path}`;

/** Names of models and of metadata namespaces: one segment of a path, the same on every system. */
export const isName = (name: string): boolean =>
  /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(name) && !name.endsWith('.');

/** Compares texts by their UTF-8 bytes, which is the order of code points. */
export function byCodePoints(a: string, b: string): number {
  const [left, right] = [new TextEncoder().encode(a), new TextEncoder().encode(b)];
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index++) {
    if (left[index] !== right[index]) return left[index]! - right[index]!;
  }
  return left.length - right.length;
}
