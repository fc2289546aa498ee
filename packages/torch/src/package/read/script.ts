import { type ByteSource, TorshError } from '@torsh/bytes';
import type { Context, JsonObject, Model } from '@torsh/core';
import type { Report } from '../../object/report.ts';
import { type OpenedModule, openModule } from '../../script/module.ts';
import type { Records } from '../../zip/container.ts';
import { shortText } from '../../zip/container.ts';
import type { PackageRecords } from './records.ts';

/** A TorchScript module of a package. */
export interface PackagedScript {
  /** The folder below `.data/ts_code`: what a pickle names it by. */
  readonly id: string;
  /** Its tensors, and those of its constants where it has some. */
  readonly models: readonly Model[];
  readonly facts: JsonObject;
}

const SCRIPTS = '.data/ts_code/';
const CODE = '.data/ts_code/code/';

/** The ids of the TorchScript modules of a package. */
export function scriptsIn(records: Records): readonly string[] {
  const ids: string[] = [];
  for (const name of records.names()) {
    const id = /^\.data\/ts_code\/([^/]+)\/data\.pkl$/.exec(name)?.[1];
    if (id !== undefined) ids.push(id);
  }
  return ids;
}

/** Opens a TorchScript module: in a package its storages lie with all others, and its code with that of all others. */
export async function openScript(
  records: PackageRecords,
  id: string,
  context: Context,
  report: Report,
): Promise<OpenedModule> {
  const container = recordsOfScript(records, id, context);
  if (!container.has('data.pkl'))
    throw new TorshError('not-found', `The package has no TorchScript module ${id}.`, {
      path: `${SCRIPTS}${id}/data.pkl`,
    });
  try {
    return await openModule({ container, fileBytes: records.bytes, bigEndian: false, context, report });
  } catch (error) {
    if (!(error instanceof TorshError) || error.path === undefined) throw error;
    const { code, message, offset } = error;
    throw new TorshError(code, message, { path: pathInPackage(error.path, id), offset, cause: error });
  }
}

/** Where a record of a TorchScript module lies in a package. */
export function pathInPackage(name: string, id: string): string {
  if (name === 'data.pkl' || name === 'constants.pkl') return `${SCRIPTS}${id}/${name}`;
  if (name.startsWith('code/')) return CODE + name.slice('code/'.length);
  return `.data/${name.slice(name.indexOf('/') + 1)}`;
}

/** The records of one module as a file of `torch.jit.save` would have them. */
function recordsOfScript(records: PackageRecords, id: string, context: Context): Records {
  const record = (name: string): ByteSource | undefined => records.record(pathInPackage(name, id));
  return {
    folder: records.folder,
    names: () => records.names(),
    has: (name) => records.has(pathInPackage(name, id)),
    record,
    text: (name) => shortText(record(name), context),
  };
}
