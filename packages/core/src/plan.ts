import { defaultLimits, type Limits } from '@torsh/bytes';
import { type Archive, tensorsOf } from './archive.ts';
import type { DType } from './dtype.ts';
import { fitModels, leftOut } from './fit.ts';
import type { Content, Format } from './format.ts';
import type { Issue } from './issue.ts';

/** What writing an archive in a format would keep and lose; known before the first byte is written. */
export interface Plan {
  readonly target: Format;
  readonly issues: readonly Issue[];
  readonly lossless: boolean;
  readonly possible: boolean;
}

/** Compares what is there with what the target accepts. Pure. */
export function plan(archive: Archive, target: Format, limits: Limits = defaultLimits): Plan {
  const accepts = target.writer?.accepts;
  const fitting = accepts === undefined ? archive : fitModels(archive, accepts.models);
  const compared = [...compare(archive, fitting, target)];
  // A writer knows nothing of types that it does not accept.
  const strange = compared.some(({ code }) => code === 'dtype');
  const examined = strange ? undefined : target.writer?.examine?.(fitting, limits);
  const issues = [...compared, ...(examined ?? [])];
  return {
    target,
    issues,
    lossless: !issues.some(({ severity }) => severity !== 'note'),
    possible: !issues.some(({ severity }) => severity === 'blocker'),
  };
}

function* compare(whole: Archive, archive: Archive, target: Format): Generator<Issue> {
  const accepts = target.writer?.accepts;
  if (accepts === undefined) {
    yield {
      severity: 'blocker',
      code: 'no-writer',
      message: `torsh reads ${target.title} but does not write it.`,
    };
    return;
  }
  for (const { name, tensors } of leftOut(whole, accepts)) {
    const [first] = tensors.keys();
    yield {
      severity: 'loss',
      code: 'model',
      subject: name,
      message: `${count(tensors.size, 'tensor')} of the model ${name} (such as ${first}) would be dropped: ${target.id} holds exactly one model.`,
    };
  }
  if (accepts.models === 'one' && archive.models.size !== 1) {
    yield {
      severity: 'blocker',
      code: 'many-models',
      message: `There are ${archive.models.size} models (${[...archive.models.keys()].join(', ')}); ${target.id} holds exactly one. Choose one with --select.`,
    };
  }
  for (const [name, tensor] of tensorsOf(archive)) {
    if (!acceptsDType(accepts, tensor.dtype)) {
      yield {
        severity: 'blocker',
        code: 'dtype',
        subject: tensor.name,
        message: `${name}: ${tensor.name} has the type ${tensor.dtype}, which ${target.id} cannot hold.`,
      };
    }
  }
  for (const { name, aliases, metadata } of archive.models.values()) {
    if (!accepts.aliases && aliases.size > 0) {
      yield {
        severity: 'loss',
        code: 'aliases',
        subject: name,
        message: `${count(aliases.size, 'tied name')} (such as ${aliases.keys().next().value}) would be dropped: ${target.id} has no place for them.`,
      };
    }
    const dropped = Object.keys(metadata).filter((key) => !acceptsKey(accepts, key));
    if (dropped.length > 0) {
      yield {
        severity: 'loss',
        code: 'model-metadata',
        subject: name,
        message: `The metadata of ${name} (${dropped.slice(0, 3).join(', ')}${dropped.length > 3 ? ', …' : ''}) would be dropped.`,
      };
    }
  }
  if (!accepts.resources && archive.resources.size > 0) {
    yield {
      severity: 'loss',
      code: 'resources',
      message: `${count(archive.resources.size, 'file')} (${[...archive.resources.keys()].slice(0, 3).join(', ')}${archive.resources.size > 3 ? ', …' : ''}) would be dropped: ${target.id} holds tensors only.`,
    };
  }
  for (const namespace of Object.keys(archive.metadata)) {
    if (accepts.metadata === 'all' || accepts.metadata.includes(namespace)) continue;
    const incidental = archive.incidental.has(namespace);
    yield {
      severity: incidental ? 'note' : 'loss',
      code: 'metadata',
      subject: namespace,
      message: incidental
        ? `How the file was written (${namespace}) is not kept: ${target.id} has no place for it. The tensors are all there.`
        : `What ${namespace} keeps besides tensors (structure, settings, numbers) would be dropped: ${target.id} has no place for it.`,
    };
  }
}

function acceptsDType(accepts: Content, dtype: DType): boolean {
  return accepts.dtypes === 'all' || accepts.dtypes.includes(dtype);
}

function acceptsKey({ modelMetadata }: Content, key: string): boolean {
  return typeof modelMetadata === 'boolean' ? modelMetadata : modelMetadata.includes(key);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
