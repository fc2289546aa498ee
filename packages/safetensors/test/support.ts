import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type ByteSource,
  defaultLimits,
  type FileTree,
  fromBytes,
  fromFiles,
  type Limits,
  toFiles,
  webPlatform,
} from '@torsh/bytes';
import {
  type Archive,
  bytesOf,
  type Context,
  type DType,
  type Format,
  type Issue,
  type Progress,
  type Tensor,
} from '@torsh/core';

const root = fileURLToPath(new URL('../../../fixtures/safetensors/', import.meta.url));

/** The files of a fixture folder, by name. */
export function fixtures(folder: string): Map<string, Uint8Array> {
  const names = readdirSync(root + folder).filter((name) => name.includes('.safetensors'));
  return new Map(
    names.sort().map((name) => [name, new Uint8Array(readFileSync(`${root}${folder}/${name}`))]),
  );
}

export function tree(files: ReadonlyMap<string, Uint8Array | string>): FileTree {
  return fromFiles(
    new Map(
      Array.from(files, ([path, content]) => [
        path,
        fromBytes(typeof content === 'string' ? new TextEncoder().encode(content) : content),
      ]),
    ),
  );
}

export interface TestContext extends Context {
  readonly issues: Issue[];
  readonly steps: Progress[];
}

export function context(lent: { limits?: Limits; signal?: AbortSignal } = {}): TestContext {
  const issues: Issue[] = [];
  const steps: Progress[] = [];
  return {
    signal: lent.signal ?? new AbortController().signal,
    limits: lent.limits ?? defaultLimits,
    platform: webPlatform,
    report: (issue) => void issues.push(issue),
    progress: (step) => void steps.push(step),
    open: async () => {
      throw new Error('safetensors opens nothing inside');
    },
    issues,
    steps,
  };
}

/** A dense tensor whose bytes count up from `seed`. */
export function tensor(name: string, dtype: DType, shape: readonly number[], seed = 0): Tensor {
  const bytes = Uint8Array.from({ length: bytesOf(dtype, shape) }, (_, index) => (seed + index) % 256);
  return { name, dtype, shape, data: fromBytes(bytes) };
}

/** What is written, as files in memory. */
export async function written(
  format: Format,
  archive: Archive,
  name: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const sink = toFiles();
  await format.writer!.write(archive, sink, name, context());
  return sink.files();
}

export async function bytesIn(source: ByteSource): Promise<Uint8Array> {
  return (await source.read(0, source.size)).slice();
}

/** All of a model as plain values, to compare. */
export async function contents(archive: Archive): Promise<unknown> {
  const models = await Promise.all(
    Array.from(archive.models.values(), async ({ name, tensors, aliases, metadata }) => ({
      name,
      aliases: [...aliases].sort(),
      metadata: Object.entries(metadata).sort(),
      tensors: await Promise.all(
        [...tensors.values()]
          .sort((a, b) => (a.name < b.name ? -1 : 1))
          .map(async (each) => ({ ...each, data: await bytesIn(each.data) })),
      ),
    })),
  );
  return models;
}
