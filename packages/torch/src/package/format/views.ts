import type { View } from '../../object/view.ts';
import { isDense, shapeOf, startOf } from '../../object/view.ts';
import type { FoundObject } from '../../open-object.ts';
import type { ViewFacts } from './facts.ts';

/** A tensor, and the record of the storage that it shows; none where its bytes lie in the pickle. */
export interface Shown {
  readonly record: string | undefined;
  readonly facts: ViewFacts;
}

/** Every tensor of an object; `nameOf` says what its models are called in the archive. */
export function* shownBy(
  { walked }: FoundObject,
  nameOf: (extra: boolean) => string,
  recordOf: (record: string) => string = (record) => record,
): Generator<Shown> {
  for (const extra of [false, true]) {
    const { found, aliases } = extra ? walked.extra : walked;
    const others = new Map<string, string[]>();
    for (const [alias, owner] of aliases) {
      const known = others.get(owner);
      if (known === undefined) others.set(owner, [alias]);
      else known.push(alias);
    }
    for (const { name, view } of found) {
      const names = [name, ...(others.get(name) ?? [])];
      const record = view.storage.bytes === undefined ? recordOf(view.storage.record) : undefined;
      yield { record, facts: factsOf(view, nameOf(extra), names) };
    }
  }
}

function factsOf(view: View, model: string, names: readonly string[]): ViewFacts {
  const { type, size, stride, conj, neg } = view;
  const plain = isDense(view) && !conj && !neg;
  return {
    model,
    names,
    dtype: type.dtype,
    shape: shapeOf(view),
    start: startOf(view),
    ...(plain ? {} : { size, stride }),
    ...(conj ? { conj } : {}),
    ...(neg ? { neg } : {}),
  };
}
