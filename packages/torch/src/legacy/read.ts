import { type ByteSource, TorshError } from '@torsh/bytes';
import { type Archive, archive, type Context, entrySource, head, type Input } from '@torsh/core';
import { storages } from '../data/storages.ts';
import { TORCH } from '../object/namespace.ts';
import { reporter } from '../object/report.ts';
import { openObject } from '../open-object.ts';
import { keepCode } from '../stream/code.ts';
import { joined } from '../stream/joined.ts';
import { streamReader } from '../stream/reader.ts';
import { systemJson, wasBigEndian } from '../stream/system.ts';
import { reportUnused } from '../stream/unused.ts';
import { reportBehind } from './behind.ts';
import { type Ids, legacyIds } from './ids.ts';
import { keysOf, layOut } from './layout.ts';
import { isLegacy, MAGIC_BYTES } from './magic.ts';

/** The only version of the protocol that was ever in such a file. */
const VERSION = 1001;

/** Opens a checkpoint: the pickles and the lengths of the storages are read, tensors are windows on the file. */
export async function read(input: Input, context: Context): Promise<Archive> {
  const source = await entrySource(input, context);
  if (source === undefined)
    throw new TorshError('unsupported', 'A checkpoint of torch.save is a file, not a folder.');
  const path = input.entry!;
  if (!isLegacy(await head(source, MAGIC_BYTES, context))) {
    throw new TorshError('malformed', 'The file does not begin with the magic number of torch.save.', {
      path,
      offset: 0,
    });
  }
  const report = reporter(context);
  const reader = streamReader(source, path, context);
  const magic = await reader.pickle();
  const version = await reader.pickle();
  if (version.value !== VERSION) {
    const message = `The file has another version of the protocol than ${VERSION}, the only one there ever was.`;
    throw new TorshError('unsupported', message, { path, offset: magic.end });
  }
  const system = await reader.pickle();
  let ids: Ids = legacyIds();
  const object = await reader.pickle(() => {
    ids = legacyIds();
    return ids.resolve;
  });
  const list = await reader.pickle();
  const keys = keysOf(list.value, object.end, path, context);
  const record = (key: string) => `storages/${key}`;
  const layout = await layOut(keys, ids.storages, reader, { source, path, record }, report);
  const opened = openObject(
    {
      pickle: joined(object, [magic, version, system, object, ids, list]),
      path,
      record,
      storages: storages(({ record }) => layout.windows.get(record)),
      bigEndian: wasBigEndian(system.value) ? 'untyped' : false,
      fileBytes: source.size,
    },
    context,
    report,
  );
  reportUnused(sizesOf(layout.windows), opened.walked, report);
  if (layout.end !== undefined) await reportBehind(source, layout.end, path, context, report);
  const code = keepCode(ids.code, report);
  return archive('torch-legacy', {
    models: opened.models,
    resources: code.resources,
    metadata: {
      [TORCH]: {
        kind: 'torch.save legacy',
        protocol: object.protocol,
        sys_info: systemJson(system.value, context),
        ...(Object.keys(code.index).length === 0 ? {} : { code: code.index }),
        ...opened.structure,
      },
    },
    incidental: opened.plain ? [TORCH] : [],
  });
}

function sizesOf(windows: ReadonlyMap<string, ByteSource>): Map<string, number> {
  return new Map(Array.from(windows, ([key, { size }]) => [key, size]));
}
