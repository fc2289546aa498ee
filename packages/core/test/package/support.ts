import { type ByteSource, fromBytes, type Platform, toBytes } from '@torsh/bytes';
import {
  loadPackage,
  type Package,
  type PackageExporter,
  type PackageUpdater,
  torsh,
  verify,
} from '../../src/index.ts';
import { inputOf, platform } from '../support.ts';

/** The bytes of what an exporter or an updater makes, after every one of them was verified. */
export async function bytesOf(
  maker: PackageExporter | PackageUpdater,
  lent: { platform: Platform } = { platform },
): Promise<Uint8Array> {
  const sink = toBytes();
  await ('exportTo' in maker ? maker.exportTo(sink, lent) : maker.saveTo(sink, lent));
  const bytes = sink.bytes();
  const { damages } = await verify(inputOf(bytes, 'x.torsh'), { formats: [torsh()], platform });
  if (damages.length > 0) throw damages[0];
  return bytes;
}

export async function loaded(bytes: Uint8Array | ByteSource): Promise<Package> {
  return loadPackage(bytes instanceof Uint8Array ? fromBytes(bytes) : bytes, { platform });
}
