import { type ByteSource, digest } from '@torsh/bytes';
import type { Archive, Model, Tensor } from '../archive.ts';
import type { Context } from '../format.ts';
import { sameBytes } from '../patch/same.ts';
import { queues } from './queues.ts';
import { compareValues, type Tolerance, type ValueDifference } from './values.ts';

/** What a tensor is called and what it is. */
export interface TensorFacts {
  readonly model: string;
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: number;
}

/** A tensor that is not the same in both. */
export interface TensorDifference {
  readonly kind: 'added' | 'removed' | 'renamed' | 'changed';
  readonly before?: TensorFacts | undefined;
  readonly after?: TensorFacts | undefined;
  /** For a change of numbers, where the shape is the same and the types are numbers. */
  readonly values?: ValueDifference | undefined;
}

/** A tied name that is not the same in both: what it stands for. */
export interface AliasDifference {
  readonly model: string;
  readonly name: string;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

/** What was found about the tensors of two archives. */
export interface TensorDifferences {
  readonly same: number;
  /** Changed within the tolerance. */
  readonly close: number;
  readonly different: readonly TensorDifference[];
  readonly aliases: readonly AliasDifference[];
}

/** A model of each, where both have it. */
export interface ModelPair {
  readonly name: string;
  readonly before: Model | undefined;
  readonly after: Model | undefined;
}

/** Models by name; the only model of one side is that of the other, whatever they are called. */
export function pairModels(a: Archive, b: Archive): ModelPair[] {
  if (a.models.size === 1 && b.models.size === 1) {
    const [[, before], [name, after]] = [[...a.models][0]!, [...b.models][0]!];
    return [{ name, before, after }];
  }
  const names = new Set([...a.models.keys(), ...b.models.keys()]);
  return Array.from(names, (name) => ({ name, before: a.models.get(name), after: b.models.get(name) }));
}

/** Compares tensors by name, under tied names too, and finds those that only have another name. */
export async function compareTensors(
  pairs: readonly ModelPair[],
  tolerance: Tolerance,
  context: Context,
): Promise<TensorDifferences> {
  const different: TensorDifference[] = [];
  const [removed, added]: [Owned[], Owned[]] = [[], []];
  const both: (readonly [Owned, Owned])[] = [];
  const aliases: AliasDifference[] = [];
  for (const { name, before, after } of pairs) {
    const [left, right] = [namesOf(before), namesOf(after)];
    const seen = new Set<string>();
    for (const [each, tensor] of left) {
      const other = right.get(each);
      const key = `${tensor.name}\0${other?.name}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const was = { model: before!.name, tensor };
      if (other !== undefined) both.push([was, { model: after!.name, tensor: other }]);
      else if (each === tensor.name) removed.push(was);
    }
    for (const [each, tensor] of right)
      if (each === tensor.name && !left.has(each)) added.push({ model: after!.name, tensor });
    aliases.push(...compareAliases(name, before, after));
  }
  const advance = progressOf(both, context);
  let [same, close] = [0, 0];
  for (const [was, is] of both) {
    const found = await compareOne(was, is, tolerance, context, advance);
    if (found === undefined) same++;
    else if (found === 'close') close++;
    else different.push(found);
  }
  different.push(...(await withRenamed(removed, added, context)));
  return { same, close, different, aliases };
}

interface Owned {
  readonly model: string;
  readonly tensor: Tensor;
}

function namesOf(model: Model | undefined): Map<string, Tensor> {
  const names = new Map(model?.tensors);
  for (const [alias, owner] of model?.aliases ?? []) names.set(alias, model!.tensors.get(owner)!);
  return names;
}

function* compareAliases(
  model: string,
  before: Model | undefined,
  after: Model | undefined,
): Generator<AliasDifference> {
  const names = new Set([...(before?.aliases.keys() ?? []), ...(after?.aliases.keys() ?? [])]);
  for (const name of names) {
    const [was, is] = [before?.aliases.get(name), after?.aliases.get(name)];
    if (was !== is) yield { model, name, before: was, after: is };
  }
}

function progressOf(pairs: readonly (readonly [Owned, Owned])[], context: Context): (bytes: number) => void {
  const total = pairs.flat().reduce((sum, { tensor }) => sum + tensor.data.size, 0);
  let done = 0;
  return (bytes) => {
    done += bytes;
    context.progress({ stage: 'reading', done, total });
  };
}

async function compareOne(
  was: Owned,
  is: Owned,
  tolerance: Tolerance,
  { signal }: Context,
  progress: (bytes: number) => void,
): Promise<TensorDifference | 'close' | undefined> {
  const [a, b] = [was.tensor, is.tensor];
  const change = { kind: 'changed', before: factsOf(was), after: factsOf(is) } as const;
  const alike = a.dtype === b.dtype && a.data.size === b.data.size;
  const shaped = a.shape.join() === b.shape.join();
  if (alike && shaped && (await sameContent(a.data, b.data, signal))) {
    progress(a.data.size + b.data.size);
    return undefined;
  }
  if (!shaped) {
    progress(a.data.size + b.data.size);
    return change;
  }
  const values = await compareValues(a, b, tolerance, { signal, progress });
  if (values === undefined) progress(a.data.size + b.data.size);
  const tolerant = tolerance.atol > 0 || tolerance.rtol > 0;
  if (tolerant && a.dtype === b.dtype && values?.beyond === 0) return 'close';
  return values === undefined ? change : { ...change, values };
}

/** Digests that both files have on record are believed; `verify` is there to check them. */
async function sameContent(a: ByteSource, b: ByteSource, signal: AbortSignal): Promise<boolean> {
  const [one, other] = [a.expected?.sha256, b.expected?.sha256];
  return one !== undefined && other !== undefined ? one === other : sameBytes(a, b, { signal });
}

/** Tensors that are gone and tensors that are new, paired where they are the same ones. */
async function withRenamed(
  removed: readonly Owned[],
  added: readonly Owned[],
  context: Context,
): Promise<TensorDifference[]> {
  const kindOf = ({ tensor: { dtype, shape } }: Owned) => `${dtype} ${shape.join()}`;
  const kinds = new Set(added.map(kindOf));
  const candidates = removed.filter((each) => kinds.has(kindOf(each)));
  const possible = new Set(candidates.map(kindOf));
  const asked = added.filter((each) => possible.has(kindOf(each)));
  const known = queues<Owned>();
  const left = await digestsOf(candidates, context);
  candidates.forEach((each, index) => {
    known.add(`${kindOf(each)} ${left[index]}`, each);
  });
  const right = await digestsOf(asked, context);
  const from = new Map<Owned, Owned>();
  asked.forEach((each, index) => {
    const found = known.take(`${kindOf(each)} ${right[index]}`);
    if (found !== undefined) from.set(each, found);
  });
  const found = new Set(from.values());
  return [
    ...Array.from(
      from,
      ([after, before]): TensorDifference => ({
        kind: 'renamed',
        before: factsOf(before),
        after: factsOf(after),
      }),
    ),
    ...removed
      .filter((each) => !found.has(each))
      .map((each): TensorDifference => ({ kind: 'removed', before: factsOf(each) })),
    ...added
      .filter((each) => !from.has(each))
      .map((each): TensorDifference => ({ kind: 'added', after: factsOf(each) })),
  ];
}

async function digestsOf(
  tensors: readonly Owned[],
  { platform, signal }: Context,
): Promise<(string | undefined)[]> {
  const unknown = tensors.filter(({ tensor }) => tensor.data.expected?.sha256 === undefined);
  const made = await digest(
    unknown.map(({ tensor }) => tensor.data),
    { platform, signal, sha256: true },
  );
  const found = new Map(unknown.map((each, index) => [each, made[index]!.sha256]));
  return tensors.map((each) => each.tensor.data.expected?.sha256 ?? found.get(each));
}

function factsOf({ model, tensor: { name, dtype, shape, data } }: Owned): TensorFacts {
  return { model, name, dtype, shape, bytes: data.size };
}
