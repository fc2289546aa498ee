import { type ByteSource, TorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import { openZip, type ZipTree } from '@torsh/zip';

/** The ZIP that all of PyTorch's newer formats share: one top folder with records in it. */
export interface Container {
  readonly zip: ZipTree;
  /** The top folder, without its slash. */
  readonly folder: string;
  has(record: string): boolean;
  /** The bytes of a record, named without the folder; `undefined` where there is none. */
  record(name: string): ByteSource | undefined;
  /** A short record as text. */
  text(name: string): Promise<string | undefined>;
}

/** Records that hold a word or a number are never longer. */
const TEXT_BYTES = 4096;

/** What was opened in a context: several formats look into one container before one of them reads it. */
const opened = new WeakMap<Context, WeakMap<ByteSource, Promise<Container>>>();

/** Opens the container and insists, as torch does, that everything lies in one folder. */
export function openContainer(source: ByteSource, context: Context): Promise<Container> {
  const known = opened.get(context) ?? new WeakMap<ByteSource, Promise<Container>>();
  opened.set(context, known);
  const container = known.get(source) ?? open(source, context);
  known.set(source, container);
  return container;
}

async function open(source: ByteSource, context: Context): Promise<Container> {
  const { limits, platform, signal } = context;
  const zip = await openZip(source, { limits, platform, signal, strictness: 'tolerant' });
  const [first] = zip.entries.keys();
  if (first === undefined)
    throw new TorshError('malformed', 'The ZIP is empty; a checkpoint has at least a data.pkl.');
  const folder = first.slice(0, Math.max(0, first.indexOf('/')));
  for (const path of zip.entries.keys()) {
    if (!path.startsWith(`${folder}/`)) {
      throw new TorshError(
        'malformed',
        `${JSON.stringify(path)} is not in the folder ${JSON.stringify(`${folder}/`)}; PyTorch keeps all records in one.`,
        {
          path,
        },
      );
    }
  }
  const record = (name: string): ByteSource | undefined => {
    const entry = zip.entries.get(`${folder}/${name}`);
    return entry === undefined ? undefined : zip.source(entry);
  };
  return {
    zip,
    folder,
    has: (name) => zip.entries.has(`${folder}/${name}`),
    record,
    async text(name) {
      const bytes = record(name);
      if (bytes === undefined) return undefined;
      return new TextDecoder().decode(await bytes.read(0, Math.min(bytes.size, TEXT_BYTES), context));
    },
  };
}
