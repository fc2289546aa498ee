import type { Archive, Json } from '../archive.ts';
import { createContext, type Options } from '../context.ts';
import { PROVENANCE } from '../provenance.ts';
import { compareFiles, type FileDifferences } from './files.ts';
import { compareJson, type JsonDifference } from './json.ts';
import { compareTensors, pairModels, type TensorDifferences } from './tensors.ts';

export interface DiffOptions extends Omit<Options, 'formats'> {
  /** Numbers that differ by no more than `atol + rtol × |before|` count as equal; both are 0 unless told otherwise. */
  readonly atol?: number | undefined;
  readonly rtol?: number | undefined;
}

/** How two archives differ. */
export interface Diff {
  /** True if nothing differs but what says how a file was written. */
  readonly same: boolean;
  readonly models: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly tensors: TensorDifferences;
  readonly files: FileDifferences;
  /** Paths begin with the namespace; `/torsh` is what a package says of itself, `/models` the metadata of models. */
  readonly metadata: readonly JsonDifference[];
  /** Namespaces, and texts of models, that differ and only say how a file was written, not what the model is. */
  readonly incidental: readonly string[];
}

/** The text of a model that names the library which wrote it (`pt`, `np`, `tf`), where somebody said so. */
const WRITER = 'format';

/** Compares two archives of any origin: what has to be done to the first to get the second. */
export async function diff(a: Archive, b: Archive, options: DiffOptions): Promise<Diff> {
  const { atol = 0, rtol = 0 } = options;
  for (const [name, value] of Object.entries({ atol, rtol }))
    if (!(value >= 0)) throw new TypeError(`${name} must be a number, 0 or more, and is ${value}`);
  const context = createContext({ ...options, formats: [] });
  const pairs = pairModels(a, b);
  const tensors = await compareTensors(pairs, { atol, rtol }, context);
  const files = await compareFiles(a, b, context);
  const models = {
    added: pairs.filter(({ before }) => before === undefined).map(({ name }) => name),
    removed: pairs.filter(({ after }) => after === undefined).map(({ name }) => name),
  };
  const passed = new Set([PROVENANCE, ...a.incidental, ...b.incidental]);
  const metadata: JsonDifference[] = [];
  const incidental: string[] = [];
  for (const namespace of new Set([...Object.keys(a.metadata), ...Object.keys(b.metadata)])) {
    const found = compareJson(ownOf(a.metadata, namespace), ownOf(b.metadata, namespace), `/${namespace}`);
    if (!passed.has(namespace)) metadata.push(...found);
    else if (found.length > 0) incidental.push(namespace);
  }
  for (const { name, before, after } of pairs) {
    const { [WRITER]: left, ...one } = before?.metadata ?? {};
    const { [WRITER]: right, ...other } = after?.metadata ?? {};
    metadata.push(...compareJson(one, other, `/models/${name}`));
    if (before !== undefined && after !== undefined && left !== right)
      incidental.push(`models/${name}/${WRITER}`);
  }
  const different = [
    models.added,
    models.removed,
    tensors.different,
    tensors.aliases,
    files.different,
    metadata,
  ];
  const same = different.every((each) => each.length === 0);
  return { same, models, tensors, files, metadata, incidental };
}

function ownOf(metadata: Archive['metadata'], namespace: string): Json | undefined {
  return Object.hasOwn(metadata, namespace) ? metadata[namespace] : undefined;
}
