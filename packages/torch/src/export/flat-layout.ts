import type { JsonObject } from '@torsh/core';
import { FLAT_PROGRAM } from './layout.ts';
import { nestedPart } from './nested-part.ts';
import type { Opening } from './opening.ts';
import { NO_PART, type ProgramParts } from './programs.ts';

/** What the version record of the flat layout says: the version of the schema. */
export async function flatFacts({ container }: Opening): Promise<JsonObject> {
  const version = await container.text('version');
  return version === undefined ? {} : { version: version.trim() };
}

/** What `torch.export.save` of torch 2.0 to 2.6 wrote: one program, its parts under fixed names. */
export async function flatProgram(opening: Opening): Promise<ProgramParts> {
  const part = async (stem: string) => {
    // The ending says nothing: older versions wrote the same under .json.
    const path = [`${stem}.pt`, `${stem}.json`].find((name) => opening.container.has(name));
    return path === undefined ? NO_PART : nestedPart(opening, path);
  };
  const weights = await part('serialized_state_dict');
  return { name: 'model', program: FLAT_PROGRAM, weights, constants: await part('serialized_constants') };
}
