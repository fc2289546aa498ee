import { readAll, TorshError } from '@torsh/bytes';
import { isKind, type Pickle, type PickleValue, type PyDict } from '@torsh/pickle';
import { isKnown } from '../../object/known.ts';
import { isOldMark } from '../../object/marks.ts';
import { recordsOf } from '../../object/register.ts';
import type { Known } from '../../object/report.ts';
import { CONSTANTS } from '../constants.ts';
import type { OpenedModule } from '../module.ts';
import { type Opening, openPart, readRecord } from '../opening.ts';
import { parseModel } from './definition.ts';
import { type Entry, entriesOf } from './entries.ts';
import { tableOf } from './table.ts';

const PATH = 'model.json';
const VALUES = 'attributes.pkl';

/**
 * The module of torch 1.0 to 1.2: `model.json` describes modules and a table of tensors, `attributes.pkl` has the values of
 * attributes. Both are kept as they are; what is found in them has the form that newer files have.
 */
export async function openModelJson(opening: Opening): Promise<OpenedModule> {
  const { container, context } = opening;
  const bytes = await readAll(container.record(PATH)!, context.limits.headerBytes, context);
  const { mainModule, tensors, protoVersion, producerName, producerVersion } = parseModel(
    bytes,
    PATH,
    context.limits,
  );
  const table = tableOf(tensors, container, PATH);
  const values = container.has(VALUES) ? itemsOf(await readRecord(VALUES, opening)) : [];
  const { state, attributes } = entriesOf(mainModule, table, values, PATH, context.limits);

  const part = (entries: readonly Entry[], options: { name?: string; state?: PickleValue }) =>
    openPart(described(entries), PATH, opening, { folder: '', known, table, ...options });
  const module = part([...state, ...attributes], { state: dictOf(state) });
  // The code speaks of tensors of the table by their numbers: what no module holds can only be meant for it.
  const rest = table.flatMap((tensor, index): Entry[] =>
    module.walked.nodes.has(tensor) ? [] : [[`c${index}`, tensor]],
  );
  const constants = rest.length === 0 ? undefined : part(rest, { name: CONSTANTS });
  const opened = constants === undefined ? [module] : [module, constants];
  return {
    models: opened.flatMap(({ models }) => models),
    facts: {
      proto_version: protoVersion,
      producer: `${producerName} ${producerVersion}`.trim(),
      ...module.structure,
      ...(constants === undefined ? {} : { constants: constants.structure }),
    },
    records: new Set(opened.flatMap(({ walked }) => [...recordsOf(walked)])),
    known,
  };
}

/** Nothing in a description calls anything: the pickle beside it is looked into as a resource. */
function described(entries: readonly Entry[]): Pickle {
  return { value: dictOf(entries), globals: [], end: 0, protocol: 0, notes: [] };
}

function dictOf(entries: readonly Entry[]): PyDict {
  return { kind: 'dict', keys: entries.map(([name]) => name), values: entries.map(([, value]) => value) };
}

function itemsOf({ value }: Pickle): readonly PickleValue[] {
  if (isKind(value, 'tuple') || isKind(value, 'list')) return value.items;
  throw new TorshError('malformed', 'The values of attributes should be a tuple, and are not.', {
    path: VALUES,
  });
}

const known: Known = (module, name) => {
  const full = `${module}.${name}`;
  return isKnown(module, name) || isOldMark(full) || full === '__main__.TensorID';
};
