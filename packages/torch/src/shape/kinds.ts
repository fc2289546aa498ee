import { type Checkpoint, prefixOf, type Roles, rolesOf, withInnerEma } from './checkpoint.ts';
import { isModule } from './look.ts';

/** What is told of a checkpoint by the keys that the program that wrote it uses. */
export interface Kind {
  readonly kind: string;
  readonly title: string;
  readonly version?: string | undefined;
  readonly roles: Roles;
}

/** The first that says something is right; the last knows every checkpoint. */
export function kindOf(whole: Checkpoint): Kind | undefined {
  for (const recognise of [lightning, deepspeed, fairseq, yolo, timm, pieces, training]) {
    const kind = recognise(whole);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

const LIGHTNING = 'pytorch-lightning_version';

function lightning(whole: Checkpoint): Kind | undefined {
  const { has, weightsUnder, under, text, parts } = whole;
  const without = has('state_dict') && has('global_step') && has('callbacks', 'loops', 'optimizer_states');
  if (!has(LIGHTNING) && !without) return undefined;
  // With averaging of weights, `state_dict` has the averaged ones.
  const averaged = has('current_model_state');
  const main = weightsUnder('state_dict');
  const roles = {
    ...given('weights', averaged ? weightsUnder('current_model_state') : main),
    ...given('ema', averaged ? main : emaOfCallbacks(whole)),
    ...given('optimizer', under('optimizer_states')),
  };
  return {
    kind: 'lightning',
    title: 'Lightning checkpoint',
    version: text(LIGHTNING),
    roles: averaged ? roles : withInnerEma(roles, parts.get('state_dict')),
  };
}

/** Callbacks keep their state under their own names, and averaged weights in it under a key that says so. */
function emaOfCallbacks({ entries, isWeights, parts }: Checkpoint): readonly string[] {
  const found: string[] = [];
  for (const [callback, state] of entries(parts.get('callbacks')) ?? []) {
    for (const key of ['ema', 'ema_state_dict', 'ema_weights', 'state_dict_ema']) {
      if (isWeights(entries(state)?.get(key))) found.push(`callbacks.${callback}.${key}.`);
    }
    if (found.length > 0) break;
  }
  return found;
}

function deepspeed({ has, weightsUnder, under, text }: Checkpoint): Kind | undefined {
  if (!has('ds_version', 'ds_config', 'dp_world_size', 'buffer_names')) return undefined;
  const version = text('ds_version');
  if (has('optimizer_state_dict') && !has('module')) {
    const title = 'DeepSpeed ZeRO states of one rank';
    return {
      kind: 'deepspeed-zero',
      title,
      version,
      roles: given('optimizer', under('optimizer_state_dict')),
    };
  }
  if (!has('module')) return undefined;
  const roles = { ...given('weights', weightsUnder('module')), ...given('optimizer', under('optimizer')) };
  return { kind: 'deepspeed', title: 'DeepSpeed checkpoint', version, roles };
}

function fairseq({ has, weightsUnder, under, parts, entries, isWeights }: Checkpoint): Kind | undefined {
  if (!has('model') || !has('optimizer_history', 'last_optimizer_state') || !has('args', 'cfg'))
    return undefined;
  const inner = isWeights(entries(parts.get('extra_state'))?.get('ema')) ? ['extra_state.ema.'] : [];
  const roles = {
    ...given('weights', weightsUnder('model')),
    ...given('ema', inner),
    ...given('optimizer', under('last_optimizer_state')),
  };
  return { kind: 'fairseq', title: 'fairseq checkpoint', roles };
}

/** YOLOv5 and what came after it: whole modules, of which the averaged one is the better. */
function yolo({ has, parts, under, text }: Checkpoint): Kind | undefined {
  const modules = ['model', 'ema'].filter((key) => isModule(parts.get(key)));
  const [main] = modules;
  if (main === undefined || !has('updates', 'train_args', 'best_fitness', 'training_results'))
    return undefined;
  const roles = {
    weights: [prefixOf(main)],
    ...given('ema', modules.includes('ema') ? [prefixOf('ema')] : []),
    ...given('optimizer', under('optimizer')),
  };
  return { kind: 'yolo', title: 'YOLO checkpoint', version: text('version'), roles };
}

function timm({ has, weightsUnder, under }: Checkpoint): Kind | undefined {
  if (!has('state_dict') || !has('arch') || !has('version', 'state_dict_ema', 'amp_scaler')) return undefined;
  const roles = {
    ...given('weights', weightsUnder('state_dict')),
    ...given('ema', weightsUnder('state_dict_ema')),
    ...given('optimizer', under('optimizer')),
  };
  return { kind: 'timm', title: 'timm checkpoint', roles };
}

/** What training programs keep in files of their own. */
function pieces({ has }: Checkpoint): Kind | undefined {
  if (has('state') && has('param_groups')) {
    return { kind: 'optimizer', title: 'state of an optimizer', roles: { optimizer: [''] } };
  }
  if (has('last_epoch') && has('_step_count', 'base_lrs')) {
    return { kind: 'scheduler', title: 'state of a learning rate scheduler', roles: {} };
  }
  if (has('python') && has('numpy') && has('cpu', 'cuda')) {
    return { kind: 'random-states', title: 'states of random number generators', roles: {} };
  }
  return undefined;
}

function training(whole: Checkpoint): Kind | undefined {
  const roles = rolesOf(whole);
  const [main] = roles.weights ?? [];
  const inner = main === undefined ? undefined : whole.parts.get(main.slice(0, -1));
  const all = withInnerEma(roles, inner);
  if (Object.keys(all).length === 0) return undefined;
  const trained =
    all.optimizer !== undefined || whole.has('epoch', 'step', 'global_step', 'iteration', 'iter');
  return trained
    ? { kind: 'training', title: 'training checkpoint', roles: all }
    : { kind: 'checkpoint', title: 'checkpoint', roles: all };
}

/** A role that has tensors; nothing where there are none. */
function given(role: keyof Roles, prefixes: readonly string[]): Roles {
  return prefixes.length === 0 ? {} : { [role]: prefixes };
}
