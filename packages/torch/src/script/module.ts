import type { JsonObject, Model } from '@torsh/core';
import { isKnown } from '../object/known.ts';
import { isOldMark } from '../object/marks.ts';
import { recordsOf } from '../object/register.ts';
import type { Known } from '../object/report.ts';
import type { FoundObject } from '../open-object.ts';
import { type Classes, readClasses } from './classes.ts';
import { openConstants } from './constants.ts';
import { type Opening, openPart, readRecord } from './opening.ts';
import { stateOf } from './state.ts';

/** A module and what belongs to it, before the rest of the file is looked at. */
export interface OpenedModule {
  readonly models: readonly Model[];
  /** The objects whose tensors those are. */
  readonly opened?: readonly FoundObject[];
  /** What a writer needs besides tensors and resources. */
  readonly facts: JsonObject;
  /** The records that have become tensors or facts. */
  readonly records: ReadonlySet<string>;
  readonly known: Known;
}

/** The module of torch 1.3 and later: the object in `data.pkl`, the constants of its code in `constants.pkl`. */
export async function openModule(opening: Opening): Promise<OpenedModule> {
  const { container, context } = opening;
  const pickle = await readRecord('data.pkl', opening);
  const classes = await readClasses(pickle.globals, container, context);
  const known = knownWith(classes);
  const state = stateOf(pickle.value, classes, context.limits);
  const data = openPart(pickle, 'data.pkl', opening, { folder: 'data', known, state });
  const constants = await openConstants(opening, known);
  const opened = constants === undefined ? [data] : [data, constants];
  return {
    models: opened.flatMap(({ models }) => models),
    opened,
    facts: {
      protocol: pickle.protocol,
      ...data.structure,
      ...(constants === undefined ? {} : { constants: constants.structure }),
    },
    records: new Set([
      'data.pkl',
      'constants.pkl',
      ...opened.flatMap(({ walked }) => [...recordsOf(walked)]),
    ]),
    known,
  };
}

/** A class of the file's own code needs no note: the code is kept, and does not run. */
function knownWith(classes: Classes): Known {
  return (module, name) => {
    const full = `${module}.${name}`;
    return isKnown(module, name) || isOldMark(full) || classes.has(full);
  };
}
