import { digest } from '@torsh/bytes';
import type { Archive, Json, Model, Tensor } from './archive.ts';
import { createContext, type Options } from './context.ts';
import type { Context } from './format.ts';
import { counting } from './progress.ts';
import { PROVENANCE } from './provenance.ts';

/** One way in which a copy is not its source. */
export interface Difference {
  readonly kind: 'missing' | 'added' | 'type' | 'bytes' | 'metadata';
  /** A tensor, a resource, or a namespace of metadata. */
  readonly subject: string;
  readonly message: string;
}

/** Compares a copy with its source: every tensor under every name, every resource, every namespace of the source. */
export async function compare(copy: Archive, source: Archive, options: Options): Promise<Difference[]> {
  const context = createContext(options);
  const differences: Difference[] = [];
  const names = new Set([...copy.models.keys(), ...source.models.keys()]);
  const pairs: Pair[] = [];
  for (const name of names) {
    const [left, right] = [copy.models.get(name), source.models.get(name)];
    if (left === undefined)
      differences.push({ kind: 'missing', subject: name, message: `The model ${name} is missing.` });
    else if (right === undefined)
      differences.push({ kind: 'added', subject: name, message: `The model ${name} is not in the source.` });
    else differences.push(...compareModels(left, right, pairs));
  }
  differences.push(...compareResources(copy, source, pairs), ...compareMetadata(copy, source));
  differences.push(...(await comparePairs(pairs, context)));
  return differences;
}

/** Two things that must have the same bytes. */
interface Pair {
  readonly subject: string;
  readonly copy: Tensor['data'];
  readonly source: Tensor['data'];
}

function* compareModels(copy: Model, source: Model, pairs: Pair[]): Generator<Difference> {
  const [left, right] = [allNames(copy), allNames(source)];
  const compared = new Set<string>();
  for (const [name, tensor] of right) {
    const other = left.get(name);
    if (other === undefined) {
      yield { kind: 'missing', subject: name, message: `The tensor ${name} is missing.` };
      continue;
    }
    const [is, was] = [describe(other), describe(tensor)];
    if (is !== was)
      yield { kind: 'type', subject: name, message: `The tensor ${name} is ${is} and was ${was}.` };
    // Tied names lead to the same two tensors; once is enough.
    else if (!compared.has(`${other.name}\n${tensor.name}`)) {
      compared.add(`${other.name}\n${tensor.name}`);
      pairs.push({ subject: name, copy: other.data, source: tensor.data });
    }
  }
  for (const [key, text] of Object.entries(source.metadata)) {
    if (copy.metadata[key] === text) continue;
    yield {
      kind: 'metadata',
      subject: key,
      message: `The metadata "${key}" of the model ${source.name} is not the same.`,
    };
  }
  for (const name of left.keys()) {
    if (!right.has(name))
      yield { kind: 'added', subject: name, message: `The tensor ${name} is not in the source.` };
  }
}

function allNames(model: Model): Map<string, Tensor> {
  const names = new Map(model.tensors);
  for (const [alias, owner] of model.aliases) names.set(alias, model.tensors.get(owner)!);
  return names;
}

function describe({ dtype, shape }: Tensor): string {
  return `${dtype} [${shape.join(', ')}]`;
}

function* compareResources(copy: Archive, source: Archive, pairs: Pair[]): Generator<Difference> {
  for (const [path, resource] of source.resources) {
    const other = copy.resources.get(path);
    if (other === undefined)
      yield { kind: 'missing', subject: path, message: `The file ${path} is missing.` };
    else if (other.role !== resource.role || other.mediaType !== resource.mediaType) {
      const [is, was] = [other, resource].map(({ role, mediaType }) => `${role} (${mediaType})`);
      yield { kind: 'type', subject: path, message: `The file ${path} is ${is} and was ${was}.` };
    } else pairs.push({ subject: path, copy: other.data, source: resource.data });
  }
}

function* compareMetadata(copy: Archive, source: Archive): Generator<Difference> {
  for (const [namespace, value] of Object.entries(source.metadata)) {
    if (namespace === PROVENANCE) continue;
    if (!sameJson(copy.metadata[namespace], value)) {
      yield {
        kind: 'metadata',
        subject: namespace,
        message: `What ${namespace} keeps besides tensors is not the same.`,
      };
    }
  }
}

function sameJson(a: Json | undefined, b: Json): boolean {
  return a !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

async function comparePairs(pairs: readonly Pair[], context: Context): Promise<Difference[]> {
  const copies = pairs.map(({ copy }) => copy);
  const sources = pairs.map(({ source }) => source);
  const found = await digest([...copies, ...sources], {
    platform: context.platform,
    signal: context.signal,
    sha256: true,
    progress: counting(context, 'verifying', [...copies, ...sources]),
  });
  return pairs.flatMap(({ subject }, index): Difference[] =>
    found[index]!.sha256 === found[pairs.length + index]!.sha256
      ? []
      : [{ kind: 'bytes', subject, message: `The bytes of ${subject} are not those of the source.` }],
  );
}
