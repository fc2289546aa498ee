import { digest } from '@torsh/bytes';
import { type Archive, type Json, tensorsOf } from './archive.ts';
import type { Context } from './format.ts';
import type { Issue } from './issue.ts';
import { counting } from './progress.ts';

/** What `torsh inspect --json` prints. Only ever grows; docs/spec/inspect.schema.json says the same in JSON Schema. */
export interface Description {
  readonly format: string;
  readonly tensors: readonly {
    readonly name: string;
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly bytes: number;
    readonly sha256?: string;
    readonly model: string;
  }[];
  /** Other name → name. Where there are several models, both are `model:name`. */
  readonly aliases: { readonly [name: string]: string };
  readonly resources: readonly {
    readonly path: string;
    readonly role: string;
    readonly bytes: number;
    readonly sha256?: string;
  }[];
  readonly metadata: { readonly [namespace: string]: Json };
  readonly issues: readonly Issue[];
}

/** Describes an archive; with `digests`, every byte of its tensors and resources is read. */
export async function describe(
  archive: Archive,
  issues: readonly Issue[],
  context: Context,
  options: { digests?: boolean | undefined } = {},
): Promise<Description> {
  const tensors = [...tensorsOf(archive)];
  const resources = [...archive.resources.values()];
  const sums =
    options.digests === true
      ? await sumAll([...tensors.map(([, { data }]) => data), ...resources.map(({ data }) => data)], context)
      : [];
  const sum = (index: number) => (sums[index] === undefined ? {} : { sha256: sums[index] });
  return {
    format: archive.origin,
    tensors: tensors.map(([model, { name, dtype, shape, data }], index) => ({
      name,
      dtype,
      shape,
      bytes: data.size,
      ...sum(index),
      model,
    })),
    aliases: aliasesOf(archive),
    resources: resources.map(({ path, role, data }, index) => ({
      path,
      role,
      bytes: data.size,
      ...sum(tensors.length + index),
    })),
    metadata: archive.metadata,
    issues,
  };
}

function aliasesOf(archive: Archive): { [name: string]: string } {
  // Names come from files: `__proto__` must be a key like any other.
  const aliases: { [name: string]: string } = Object.create(null);
  for (const model of archive.models.values()) {
    const full = (name: string) => (archive.models.size > 1 ? `${model.name}:${name}` : name);
    for (const [alias, name] of model.aliases) aliases[full(alias)] = full(name);
  }
  return aliases;
}

async function sumAll(
  sources: Parameters<typeof digest>[0],
  context: Context,
): Promise<(string | undefined)[]> {
  const digests = await digest(sources, {
    platform: context.platform,
    signal: context.signal,
    sha256: true,
    progress: counting(context, 'reading', sources),
  });
  return digests.map(({ sha256 }) => sha256);
}
