import { type Json, type JsonObject, type Model, model } from '@torsh/core';
import { modelNames } from '../model-names.ts';
import { jsonRecord, type Opening, type Part } from './opening.ts';
import { type Program, parseProgram } from './program-file.ts';

/** The parts of one program, and the models that they become. */
export interface ProgramParts {
  readonly name: string;
  /** The record with the program, if there is one. */
  readonly program: string | undefined;
  readonly weights: Part;
  readonly constants: Part;
}

/** What a file of torch.export has besides resources. */
export interface Opened {
  readonly models: readonly Model[];
  /** Of each program, for the metadata. */
  readonly programs: { readonly [name: string]: Json };
  /** True where dropping the metadata loses nothing. */
  readonly plain: boolean;
}

export const NO_PART: Part = { tensors: [], aliases: new Map(), names: new Set(), facts: {}, plain: true };

/** Makes models of the parts of all programs, and compares them with what the programs take. */
export async function assemblePrograms(opening: Opening, all: readonly ProgramParts[]): Promise<Opened> {
  const models: Model[] = [];
  const programs: { [name: string]: Json } = Object.create(null);
  const nameOf = modelNames();
  const add = (wanted: string, part: Part): string => {
    const name = nameOf(wanted);
    models.push(model(part.tensors, { name, aliases: part.aliases, metadata: { format: 'pt' } }));
    return name;
  };
  for (const { name, program, weights, constants } of all) {
    const facts = program === undefined ? {} : await programFacts(opening, program, weights, constants);
    const hasConstants = constants.tensors.length > 0;
    const isModel = weights.tensors.length > 0 || !hasConstants;
    programs[name] = {
      ...(program === undefined ? {} : { program }),
      ...(isModel ? { model: add(name, weights) } : {}),
      ...(hasConstants
        ? { constants_model: add(name === 'model' ? 'constants' : `${name}.constants`, constants) }
        : {}),
      ...facts,
      weights: weights.facts,
      constants: constants.facts,
    };
  }
  const plain = all.every(({ weights, constants }) => weights.plain && constants.plain);
  return { models, programs, plain };
}

async function programFacts(
  opening: Opening,
  path: string,
  weights: Part,
  constants: Part,
): Promise<JsonObject> {
  const { container, context, report } = opening;
  const parse = (text: string) => parseProgram(text, context.limits);
  const program = await jsonRecord(container.record(path)!, path, context, parse);
  for (const [wanted, { names }] of wantedBy(program, weights, constants)) {
    const missing = [...wanted].filter((name) => !names.has(name));
    if (missing.length === 0) continue;
    const message = `${path} takes ${missing.length} tensors that the file does not have, such as ${missing[0]}.`;
    report('missing-tensor', message, missing[0], 'loss');
  }
  return program.facts;
}

function wantedBy(program: Program, weights: Part, constants: Part): [ReadonlySet<string>, Part][] {
  return [
    [program.weights, weights],
    [program.constants, constants],
  ];
}
