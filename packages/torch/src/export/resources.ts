import type { Resource, ResourceRole } from '@torsh/core';
import { isAdministrative } from '../zip/report.ts';
import { lookingInside } from './look-inside.ts';
import type { Opening } from './opening.ts';

/** Code for a machine: it runs when torch opens the file, and never here. */
const COMPILED = /\.(so|o|a|dylib|dll|pyd|cubin|fatbin|hsaco|spv|metallib)$/i;
const SOURCE = /\.(cpp|cc|c|h|hpp|cu|hip|cl|metal|mm|py|ptx|ll|s)$/i;
const PROGRAM = /^models\/[^/]+\.json$|^serialized_exported_program\.json$|^data\/executorch\/|\.pte$/i;
const DATA = /^(data\/|serialized_|xl_model_weights\/)/;

/** Everything that has become neither tensors nor metadata, byte for byte. */
export async function resourcesOf({
  container,
  used,
  context,
  report,
  fileBytes,
}: Opening): Promise<Resource[]> {
  const resources: Resource[] = [];
  const lookInside = lookingInside(context, report, fileBytes);
  for (const path of container.names()) {
    if (used.has(path) || isAdministrative(path)) continue;
    const data = container.record(path)!;
    resources.push({ path, role: roleOf(path), mediaType: mediaTypeOf(path), data });
    await lookInside(path, data);
  }
  const compiled = resources.filter(({ path }) => COMPILED.test(path)).map(({ path }) => path);
  if (compiled.length > 0) {
    const message = `${compiled.length} files of machine code (such as ${compiled[0]}) are kept as they are; torch would run them.`;
    report('machine-code', message, compiled[0]);
  }
  return resources;
}

/** What a record is for, by its name. */
function roleOf(path: string): ResourceRole {
  if (PROGRAM.test(path) || COMPILED.test(path)) return 'program';
  if (SOURCE.test(path)) return 'code';
  if (/\.(json|ya?ml|toml|ini|cfg)$/i.test(path)) return 'config';
  if (/(^|\/)LICEN[CS]E[^/]*$/i.test(path)) return 'licence';
  if (/\.(txt|md|rst)$/i.test(path)) return 'document';
  return DATA.test(path) ? 'data' : 'other';
}

/** The media type of a record, by its name. */
function mediaTypeOf(path: string): string {
  if (/\.json$/i.test(path)) return 'application/json';
  return SOURCE.test(path) || /\.(txt|md)$/i.test(path) ? 'text/plain' : 'application/octet-stream';
}
