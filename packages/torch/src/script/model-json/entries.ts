import { type Limits, TorshError } from '@torsh/bytes';
import type { PickleValue, PyObject } from '@torsh/pickle';
import type { ModuleDef } from './definition.ts';

/** A value and the way through the modules that leads to it. */
export type Entry = readonly [name: string, value: PickleValue];

/** What the modules hold. */
export interface Entries {
  /** Parameters, then buffers, then what is in the modules below: as `state_dict()` gives them. */
  readonly state: readonly Entry[];
  /** All other attributes that have a value. */
  readonly attributes: readonly Entry[];
}

/** Finds what the modules hold; `values` are those of `attributes.pkl`, and `path` is where the modules were described. */
export function entriesOf(
  root: ModuleDef,
  table: readonly PyObject[],
  values: readonly PickleValue[],
  path: string,
  { nameBytes }: Limits,
): Entries {
  const state: Entry[] = [];
  const attributes: Entry[] = [];

  const at = <T>(list: readonly T[], index: number, what: string): T => {
    const value = index < 0 ? undefined : list[index];
    if (value !== undefined) return value;
    throw new TorshError('malformed', `${what} is number ${index} of ${list.length}.`, { path });
  };

  const joined = (prefix: string, name: string): string => {
    if (prefix.length + name.length <= nameBytes) return prefix + name;
    throw new TorshError('limit', `A name has more than ${nameBytes} bytes (limit nameBytes).`, { path });
  };

  // As deep as the JSON nests, which its scanner has bounded.
  const visit = (module: ModuleDef, prefix: string): void => {
    const { parameters } = module;
    for (const isBuffer of [false, true]) {
      for (const parameter of parameters) {
        if (parameter.isBuffer !== isBuffer) continue;
        const name = joined(prefix, parameter.name);
        state.push([name, at(table, parameter.tensorId, `The tensor of ${name}`)]);
      }
    }
    const taken = new Set(parameters.map(({ name }) => name));
    for (const { name, id } of module.attributes) {
      // Buffers were written as attributes too; an attribute without a value was set by code.
      if (id < 0 || taken.has(name)) continue;
      const full = joined(prefix, name);
      attributes.push([full, at(values, id, `The value of ${full}`)]);
    }
    if (module.stateId >= 0) {
      const name = joined(prefix, 'state');
      attributes.push([name, at(values, module.stateId, `The value of ${name}`)]);
    }
    for (const each of module.submodules) visit(each, joined(prefix, `${each.name}.`));
  };

  visit(root, '');
  return { state, attributes };
}
