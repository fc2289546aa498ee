import { type ByteSource, combineCrc32, expecting, slice, TorshError } from '@torsh/bytes';
import { checkCanonical } from '@torsh/zip';
import type { Archive } from '../archive.ts';
import { digestEach } from '../digest-each.ts';
import type { Context, Input } from '../format.ts';
import { openTorsh, readEntry, type TorshFile } from './container.ts';
import { isCanonicalJson } from './json.ts';
import { byCodePoints, INFO_PATH, MANIFEST_PATH } from './layout.ts';
import { readArchive } from './read.ts';

/** A stretch of an entry, with the digest that the manifest has for it. */
interface Part {
  /** The entry whose CRC-32 it is a part of. */
  readonly entry: string | undefined;
  readonly source: ByteSource;
}

/** Reads every byte of a .torsh file once and holds it against manifest, check sums and the canonical form. */
export async function check(
  input: Input,
  context: Context,
  damaged: (error: TorshError) => void,
): Promise<void> {
  const file = await openTorsh(input, context);
  const headers = new Map(file.manifest.models.map(({ path, header }) => [path, header.size]));
  await checkCanonical(file.source, file.zip, (path) => headers.get(path), context).catch((error) => {
    if (!(error instanceof TorshError)) throw error;
    damaged(error);
  });
  await checkForm(file, context, damaged);
  const parts = partsOf(file, await readArchive(file, context), damaged);
  const digests = await digestEach(
    parts.map(({ source }) => source),
    context,
    damaged,
    { crc32: true, sha256: true },
  );
  const sums = new Map<string, number | undefined>();
  parts.forEach(({ entry, source }, index) => {
    if (entry === undefined) return;
    const [before, found] = [sums.has(entry) ? sums.get(entry) : 0, digests[index]?.crc32];
    // The sum of an entry with a part that is damaged, and told so, says nothing new.
    sums.set(
      entry,
      before === undefined || found === undefined ? undefined : combineCrc32(before, found, source.size),
    );
  });
  for (const [path, sum] of sums) {
    if (sum !== undefined && sum !== file.zip.entries.get(path)!.crc32) {
      damaged(new TorshError('malformed', `The CRC-32 of ${path} is not that of its bytes.`, { path }));
    }
  }
}

/** The order of the entries and the text of the JSON: one archive has one form. */
async function checkForm(
  { zip, manifest }: TorshFile,
  context: Context,
  damaged: (error: TorshError) => void,
): Promise<void> {
  const say = (path: string, what: string) =>
    damaged(new TorshError('malformed', `${path} ${what}.`, { path }));
  const found = [...zip.entries.keys()];
  const sorted = found.filter((path) => path !== INFO_PATH && path !== MANIFEST_PATH).sort(byCodePoints);
  const wanted = [INFO_PATH, ...sorted, MANIFEST_PATH];
  const at = found.findIndex((path, index) => path !== wanted[index]);
  if (at >= 0) say(found[at]!, 'is not in its place: entries are sorted by name, the manifest comes last');
  for (const path of [MANIFEST_PATH, ...manifest.records.map((record) => record.path)]) {
    if (!isCanonicalJson(await readEntry(zip, path, context)))
      say(path, 'is not in the one form that its JSON has');
  }
}

/** All entries, models cut into header and tensors; of deflated entries also the bytes as they lie in the file. */
function partsOf(
  { zip, manifest }: TorshFile,
  archive: Archive,
  damaged: (error: TorshError) => void,
): Part[] {
  const parts: Part[] = [];
  const bare = (path: string): ByteSource => {
    const source = zip.source(zip.entries.get(path)!);
    // The CRC of the whole is added up from the parts.
    return { ...slice(source, 0, source.size), deflated: source.deflated };
  };
  const add = (entry: string, source: ByteSource, sha256: string | undefined, path = entry): void => {
    parts.push({ entry, source: sha256 === undefined ? source : expecting(source, { sha256, path }) });
  };
  add(INFO_PATH, bare(INFO_PATH), undefined);
  for (const { name, path, header } of manifest.models) {
    add(path, slice(bare(path), 0, header.size), header.sha256, `${path}: header`);
    for (const { data } of archive.models.get(name)!.tensors.values()) add(path, data, undefined);
  }
  for (const record of [...manifest.records, ...manifest.code, ...manifest.resources]) {
    const { path, sha256, compression, compressed_sha256 } = record;
    const source = bare(path);
    add(path, source, sha256);
    if (compression === 'none') continue;
    // Many deflate streams mean the same bytes, so a digest of those does not cover the stream.
    if (compressed_sha256 === undefined) {
      const message = `The manifest has no SHA-256 of the compressed bytes of ${path}.`;
      damaged(new TorshError('malformed', message, { path: MANIFEST_PATH }));
    } else {
      const expected = { sha256: compressed_sha256, path: `${path}: compressed` };
      parts.push({ entry: undefined, source: expecting(source.deflated!, expected) });
    }
  }
  add(MANIFEST_PATH, bare(MANIFEST_PATH), undefined);
  return parts;
}
