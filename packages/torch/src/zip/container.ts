import { type ByteSource, type ReadOptions, TorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import { openZip, type ZipTree } from '@torsh/zip';

/** The records of a file of PyTorch's, wherever they lie. */
export interface Records {
  /** The top folder, without its slash. */
  readonly folder: string;
  /** All records, named without the folder, in the order of the directory. */
  names(): Iterable<string>;
  has(record: string): boolean;
  /** The bytes of a record, named without the folder; `undefined` where there is none. */
  record(name: string): ByteSource | undefined;
  /** A short record as text. */
  text(name: string): Promise<string | undefined>;
}

/** The ZIP that all of PyTorch's newer formats share: one top folder with records in it. */
export interface Container extends Records {
  readonly zip: ZipTree;
}

/** Records that hold a word or a number are never longer. */
const TEXT_BYTES = 4096;

/** The text of a short record. */
export async function shortText(
  source: ByteSource | undefined,
  options: ReadOptions,
): Promise<string | undefined> {
  if (source === undefined) return undefined;
  return new TextDecoder().decode(await source.read(0, Math.min(source.size, TEXT_BYTES), options));
}

/** What was opened in a context: several formats look into one container before one of them reads it. */
type Opened<T> = WeakMap<Context, WeakMap<ByteSource, Promise<T>>>;

const zips: Opened<ZipTree> = new WeakMap();
const containers: Opened<Container> = new WeakMap();

function once<T>(
  opened: Opened<T>,
  source: ByteSource,
  context: Context,
  open: () => Promise<T>,
): Promise<T> {
  const known = opened.get(context) ?? new WeakMap<ByteSource, Promise<T>>();
  opened.set(context, known);
  const made = known.get(source) ?? open();
  known.set(source, made);
  return made;
}

/** A ZIP with all that PyTorch and those who pack its files again have made of it; read once in a context. */
export function openOnce(source: ByteSource, context: Context): Promise<ZipTree> {
  const { limits, platform, signal } = context;
  return once(zips, source, context, () =>
    openZip(source, { limits, platform, signal, strictness: 'tolerant' }),
  );
}

/** Opens the container and insists, as torch does, that everything lies in one folder. */
export function openContainer(source: ByteSource, context: Context): Promise<Container> {
  return once(containers, source, context, () => openFolder(source, context));
}

async function openFolder(source: ByteSource, context: Context): Promise<Container> {
  const zip = await openOnce(source, context);
  const [first] = zip.entries.keys();
  if (first === undefined)
    throw new TorshError('malformed', 'The ZIP is empty; a checkpoint has at least a data.pkl.');
  const folder = first.slice(0, Math.max(0, first.indexOf('/')));
  const prefix = `${folder}/`;
  for (const path of zip.entries.keys()) {
    if (!path.startsWith(prefix)) {
      throw new TorshError(
        'malformed',
        `${JSON.stringify(path)} is not in the folder ${JSON.stringify(prefix)}; PyTorch keeps all records in one.`,
        {
          path,
        },
      );
    }
  }
  return containerOf(zip, folder, prefix, context);
}

/** Opens a ZIP whose records lie at its top, as older programs wrote it with Python's own module. */
export async function openFlatContainer(source: ByteSource, context: Context): Promise<Container> {
  return containerOf(await openOnce(source, context), '', '', context);
}

function containerOf(zip: ZipTree, folder: string, prefix: string, context: Context): Container {
  const record = (name: string): ByteSource | undefined => {
    const entry = zip.entries.get(prefix + name);
    return entry === undefined ? undefined : zip.source(entry);
  };
  return {
    zip,
    folder,
    *names() {
      for (const path of zip.entries.keys()) yield path.slice(prefix.length);
    },
    has: (name) => zip.entries.has(prefix + name),
    record,
    text: (name) => shortText(record(name), context),
  };
}
