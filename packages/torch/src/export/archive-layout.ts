import type { JsonObject } from '@torsh/core';
import { byteOrderOf } from '../zip/byte-order.ts';
import { versionOf } from '../zip/version.ts';
import { compiledPart } from './compiled-part.ts';
import { configPart } from './config-part.ts';
import { nestedPart } from './nested-part.ts';
import type { Opening, Part } from './opening.ts';
import { NO_PART, type ProgramParts } from './programs.ts';

const WEIGHTS = 'data/weights/';
const CONSTANTS = 'data/constants/';
const COMPILED = /^data\/aotinductor\/([^/]+)\/weights_config\.json$/;
/** Where the name of a program stands. */
const PLACES = [
  /^models\/(.+)\.json$/,
  /^data\/weights\/(.+)_weights_config\.json$/,
  /^data\/constants\/(.+)_constants_config\.json$/,
];

/** What the small records of an archive say. */
export async function archiveFacts({ container, used, report }: Opening): Promise<JsonObject> {
  for (const record of ['archive_format', 'archive_version']) used.add(record);
  const facts = {
    archive_version: (await container.text('archive_version'))?.trim(),
    version: await versionOf(container, report),
    byteorder: await byteOrderOf(container),
  };
  return Object.fromEntries(
    Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== undefined),
  );
}

/** Finds the programs of an archive, and the weights of compiled models, and opens them. */
export async function archivePrograms(opening: Opening, bigEndian: boolean): Promise<ProgramParts[]> {
  const { container } = opening;
  const records = [...container.names()];
  const programs: ProgramParts[] = [];
  /** As torch looks: for a file of torch 2.7 first, then for a config. */
  const part = async (folder: string, nested: string, config: string): Promise<Part> => {
    if (container.has(folder + nested)) return nestedPart(opening, folder + nested);
    if (container.has(folder + config)) return configPart(opening, folder, folder + config, bigEndian);
    return NO_PART;
  };
  for (const name of namesIn(records, PLACES)) {
    const program = `models/${name}.json`;
    programs.push({
      name,
      program: container.has(program) ? program : undefined,
      weights: await part(WEIGHTS, `${name}.pt`, `${name}_weights_config.json`),
      constants: await part(CONSTANTS, `${name}.pt`, `${name}_constants_config.json`),
    });
  }
  const taken = new Set(programs.map(({ name }) => name));
  for (const name of namesIn(records, [COMPILED])) {
    const weights = await compiledPart(opening, WEIGHTS, `data/aotinductor/${name}/weights_config.json`);
    const own = taken.has(name) ? `${name}.aotinductor` : name;
    programs.push({ name: own, program: undefined, weights, constants: NO_PART });
  }
  return programs;
}

function namesIn(records: readonly string[], places: readonly RegExp[]): ReadonlySet<string> {
  return new Set(places.flatMap((place) => records.flatMap((record) => place.exec(record)?.[1] ?? [])));
}
