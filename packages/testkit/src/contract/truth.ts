import { type Archive, bytesOf, type Content, tensorsOf } from '@torsh/core';
import { expect, it } from 'vitest';
import { testContext } from '../context.ts';
import { inputOf } from '../samples.ts';
import type { FormatTests } from './format-tests.ts';

/** What a reader yields is within what it says that it yields, and is whole in itself. */
export function testTruth({ format, good, options = {} }: FormatTests): void {
  const { reader } = format;
  if (reader === undefined) return;
  it.each(good.map((sample) => [sample.name, sample] as const))(
    'yields of %s only what it declares',
    async (_, sample) => {
      const archive = await reader.open(inputOf(sample), testContext({}, options.formats));
      expect(beyond(archive, reader.yields)).toEqual([]);
      expect(flaws(archive)).toEqual([]);
    },
  );
}

/** What an archive has that the content does not list. */
function beyond(archive: Archive, content: Content): string[] {
  const found: string[] = [];
  const models = [...archive.models.values()];
  for (const [, { name, dtype }] of tensorsOf(archive)) {
    if (content.dtypes !== 'all' && !content.dtypes.includes(dtype)) found.push(`${name} is ${dtype}`);
  }
  if (content.models === 'one' && models.length !== 1) found.push(`${models.length} models`);
  if (!content.aliases && models.some(({ aliases }) => aliases.size > 0)) found.push('aliases');
  if (!content.resources && archive.resources.size > 0) found.push('resources');
  const { modelMetadata } = content;
  for (const key of models.flatMap(({ metadata }) => Object.keys(metadata))) {
    if (modelMetadata !== true && (modelMetadata === false || !modelMetadata.includes(key)))
      found.push(`model metadata ${key}`);
  }
  for (const namespace of Object.keys(archive.metadata)) {
    if (content.metadata !== 'all' && !content.metadata.includes(namespace))
      found.push(`metadata of ${namespace}`);
  }
  return found;
}

/** What contradicts itself in an archive. */
function flaws(archive: Archive): string[] {
  const found: string[] = [];
  for (const [key, each] of archive.models) {
    if (key !== each.name) found.push(`the model ${each.name} is under ${key}`);
    for (const [name, tensor] of each.tensors) {
      if (name !== tensor.name) found.push(`the tensor ${tensor.name} is under ${name}`);
      if (tensor.data.size !== bytesOf(tensor.dtype, tensor.shape)) found.push(`${name} has the wrong size`);
    }
    for (const [alias, owner] of each.aliases) {
      if (!each.tensors.has(owner)) found.push(`${alias} is tied to ${owner}, which is not there`);
      if (each.tensors.has(alias)) found.push(`${alias} is a tensor and a tied name`);
    }
  }
  for (const [path, resource] of archive.resources)
    if (path !== resource.path) found.push(`the file ${resource.path} is under ${path}`);
  return found;
}
