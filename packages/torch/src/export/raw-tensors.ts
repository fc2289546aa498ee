import { DEFAULT_MODEL, elementsOf, type Tensor } from '@torsh/core';
import { tensorOf } from '../data/tensor.ts';
import type { Found } from '../object/register.ts';
import { reportSharing } from '../object/report.ts';
import { checkView, identityOf } from '../object/view.ts';
import type { Opening } from './opening.ts';
import type { RawView } from './raw-view.ts';

/** Gathers tensors that are views on storages, and ties those that show the same elements. */
export interface RawTensors {
  /** The tensor under this name; `undefined` where it is tied to one that is there already. */
  add(name: string, raw: RawView, bigEndian: boolean): Tensor | undefined;
  /** Other name → name. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Says which tensors share a storage and which bytes no tensor shows. */
  finish(): void;
}

export function rawTensors({ report, found: all }: Opening): RawTensors {
  const found: Found[] = [];
  const aliases = new Map<string, string>();
  const owners = new Map<string, string>();
  return {
    aliases,
    add(name, { view, source, isZeros }, bigEndian) {
      checkView(view, name);
      const identity = elementsOf(view.size) === 0 ? undefined : `${view.storage.record} ${identityOf(view)}`;
      const owner = identity === undefined ? undefined : owners.get(identity);
      if (owner !== undefined) {
        aliases.set(name, owner);
        return undefined;
      }
      if (identity !== undefined) owners.set(identity, name);
      const one = { name, view, model: DEFAULT_MODEL };
      all.push(one);
      if (!isZeros) found.push(one);
      return tensorOf(one, { source: () => source }, bigEndian);
    },
    finish: () => reportSharing({ found }, report),
  };
}
