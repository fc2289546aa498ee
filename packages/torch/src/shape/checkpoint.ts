import type { Role } from '@torsh/core';
import { dictEntries, type PickleValue } from '@torsh/pickle';
import { isContainer, type Look } from './look.ts';

/** A checkpoint: a dictionary under whose text keys lie the parts. */
export interface Checkpoint extends Look {
  readonly parts: ReadonlyMap<string, PickleValue>;
  has(...keys: string[]): boolean;
  /** The prefix of the tensors under a key, where they are weights; nothing anywhere else. */
  weightsUnder(...keys: string[]): readonly string[];
  /** The prefix of the tensors under a key. */
  under(...keys: string[]): readonly string[];
  /** The text under a key. */
  text(key: string): string | undefined;
}

/** Which tensors are there for what. */
export type Roles = { readonly [role in Role]?: readonly string[] };

export function checkpoint(parts: ReadonlyMap<string, PickleValue>, looking: Look): Checkpoint {
  return {
    ...looking,
    parts,
    has: (...keys) => keys.some((key) => parts.has(key)),
    weightsUnder: (...keys) => keys.filter((key) => looking.isWeights(parts.get(key))).map(prefixOf),
    under: (...keys) => keys.filter((key) => isContainer(parts.get(key))).map(prefixOf),
    text(key) {
      const value = parts.get(key);
      return typeof value === 'string' ? value : undefined;
    },
  };
}

/** How the names of tensors under a key begin. */
export function prefixOf(key: string): string {
  return `${key}.`;
}

/** Keys under which programs keep the weights, the best known first. */
const WEIGHTS = [
  'state_dict',
  'model_state_dict',
  'model_state',
  'model',
  'module',
  'net',
  'network',
  'weights',
  'params',
];
const EMA = /(?:^|[_.-])ema(?:$|[_.-])|^shadow/i;
const OPTIMIZER = /(?:^|[_.-])optim(?:izer)?s?(?:$|[_.-])/i;

/** More parts with weights than this are no checkpoint of one model. */
const MOST = 16;

/** Roles told by what lies under the keys, and by what the keys are called. */
export function rolesOf(whole: Checkpoint): Roles {
  const keys = [...whole.parts.keys()];
  const optimizer = keys.filter(
    (key) =>
      whole.isOptimizer(whole.parts.get(key)) || (OPTIMIZER.test(key) && isContainer(whole.parts.get(key))),
  );
  const ema = keys.filter(
    (key) => EMA.test(key) && !optimizer.includes(key) && isContainer(whole.parts.get(key)),
  );
  const others = keys.filter(
    (key) => !ema.includes(key) && !optimizer.includes(key) && whole.isWeights(whole.parts.get(key)),
  );
  const usual = WEIGHTS.filter((key) => others.includes(key));
  const weights = usual.length > 0 ? usual : others;
  return {
    ...prefixes('weights', weights),
    ...prefixes('ema', ema),
    ...prefixes('optimizer', optimizer),
  };
}

function prefixes(role: Role, keys: readonly string[]): Roles {
  return keys.length === 0 || keys.length > MOST ? {} : { [role]: keys.map(prefixOf) };
}

/** Latent diffusion keeps the averaged weights among the others, under names that begin with `model_ema`. */
const INNER_EMA = 'model_ema.';

/** The roles with EMA weights that lie within the weights set apart. */
export function withInnerEma(roles: Roles, weights: PickleValue | undefined): Roles {
  const [prefix] = roles.weights ?? [];
  if (roles.ema !== undefined || prefix === undefined || weights === undefined) return roles;
  const names = dictEntries(weights)?.keys ?? [];
  const inner = names.some((name) => typeof name === 'string' && name.startsWith(INNER_EMA));
  return inner ? { ...roles, ema: [prefix + INNER_EMA] } : roles;
}
