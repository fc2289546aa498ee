import type { Shape } from '@torsh/core';
import { isKind, type PickleValue } from '@torsh/pickle';
import { nameOf } from '../object/arguments.ts';
import type { Walked } from '../object/register.ts';
import { wellFormed } from '../object/well-formed.ts';
import { checkpoint, withInnerEma } from './checkpoint.ts';
import { kindOf } from './kinds.ts';
import { isModule, look } from './look.ts';

/** Keys under which programs keep hyper-parameters and settings. */
const SETTINGS = [
  'hyper_parameters',
  'hparams',
  'args',
  'cfg',
  'config',
  'train_args',
  'model_args',
  'ds_config',
  'param_groups',
];

/** Longer texts of a file are not repeated for people. */
const LONGEST = 200;

/** What kind of thing an object is and which of its tensors are there for what; `undefined` where nothing can be told. */
export function shapeOf(top: PickleValue, { nodes }: Walked): Shape | undefined {
  if (isModule(top)) {
    return { kind: 'module', title: `whole module of ${classOf(top.callee)}`, roles: { weights: [''] } };
  }
  if (isKind(top, 'object') && /(?:^|\.)\w*TrainingArguments$/.test(nameOf(top.callee) ?? '')) {
    return { kind: 'training-arguments', title: 'arguments of a training run', roles: {} };
  }
  const looking = look(nodes);
  if (looking.isLarge(top)) return stateDict(top);
  const parts = looking.entries(top);
  if (parts === undefined || parts.size === 0) return undefined;
  const kind = kindOf(checkpoint(parts, looking));
  if (kind === undefined) return looking.isWeights(top) ? stateDict(top) : undefined;
  const { version, roles, ...rest } = kind;
  const settings = SETTINGS.filter((key) => parts.has(key));
  return {
    ...rest,
    ...(version === undefined ? {} : { version: short(version) }),
    roles: Object.fromEntries(Object.entries(roles).map(([role, is]) => [role, is.map(nameText)])),
    ...(settings.length === 0 ? {} : { settings }),
  };
}

function stateDict(top: PickleValue): Shape {
  return { kind: 'state-dict', title: 'state dict', roles: withInnerEma({ weights: [''] }, top) };
}

function classOf(callee: PickleValue): string {
  // torch.fx makes the class anew when it loads.
  if (nameOf(callee)?.startsWith('torch.fx.graph_module.reduce_') === true) return 'torch.fx.GraphModule';
  return short(nameOf(callee) ?? 'a class without a name');
}

function short(text: string): string {
  return wellFormed(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

/** A key as it stands in the names of tensors. */
function nameText(key: string): string {
  return wellFormed(key).replaceAll('\0', '_');
}
