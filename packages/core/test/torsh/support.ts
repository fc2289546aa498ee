import { fromBytes, sha256, toBytes } from '@torsh/bytes';
import { zipSink } from '@torsh/zip';
import type { Json } from '../../src/index.ts';
import { platform, utf8 } from '../support.ts';

/** A value that a test may take apart and put together again. */
// biome-ignore lint/suspicious/noExplicitAny: manifests here are wrong on purpose, in every way
export type Loose = any;

export const digestOf = (bytes: Uint8Array): string => {
  const hasher = sha256();
  hasher.update(bytes);
  return hasher.digest();
};

export const INFO = utf8('torsh 1.0\n');

/** A file of this name, as a manifest lists it. */
export function recordOf(path: string, bytes: Uint8Array, type = 'other'): Loose {
  return {
    path,
    type,
    media_type: 'text/plain',
    size: bytes.length,
    sha256: digestOf(bytes),
    compression: 'none',
  };
}

/** The smallest manifest, with changes. */
export function manifestOf(changes: { [key: string]: Json | undefined } = {}): Uint8Array {
  return utf8(
    JSON.stringify({ format_version: '1.0', models: [], code: [], resources: [], records: [], ...changes }),
  );
}

/** A ZIP of these entries in this order, by the writer of our own. */
export async function packed(
  entries: readonly (readonly [path: string, bytes: Uint8Array, deflated?: Uint8Array])[],
): Promise<Uint8Array> {
  const sink = toBytes();
  const zip = zipSink(sink, { platform });
  for (const [path, bytes, deflated] of entries) {
    const file = await zip.create(path, { size: bytes.length });
    const source = { ...fromBytes(bytes), ...(deflated ? { deflated: fromBytes(deflated) } : {}) };
    await file.transfer!([source], { platform });
    await file.close();
  }
  await zip.close();
  return sink.bytes();
}

/** An archive of info, these entries, and this manifest. */
export function archiveOf(
  manifest: Uint8Array,
  ...entries: (readonly [string, Uint8Array])[]
): Promise<Uint8Array> {
  return packed([['metadata/package.info', INFO], ...entries, ['manifest.json', manifest]]);
}
