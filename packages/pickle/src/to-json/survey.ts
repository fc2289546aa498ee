import type { Json } from '../json.ts';
import { asComplex, asOrderedDict, asPlain } from '../python.ts';
import type { PickleValue } from '../value.ts';
import type { Node } from './task.ts';

/** What is known of all values before the first is written. */
export interface Survey {
  /** What stands for a value: a replacement, or the plain value of a call. Asked once, since both may be costly. */
  readonly replaced: ReadonlyMap<Node, Json>;
  readonly plain: ReadonlyMap<Node, Node>;
  /** Values that are met twice, so that they must be named. */
  readonly shared: ReadonlySet<Node>;
}

/** Goes through everything once, without writing. */
export function survey(root: PickleValue, replace: (value: PickleValue) => Json | undefined): Survey {
  const replaced = new Map<Node, Json>();
  const plain = new Map<Node, Node>();
  const shared = new Set<Node>();
  const met = new Set<Node>();
  const work: PickleValue[] = [root];
  while (work.length > 0) {
    const value = work.pop()!;
    if (!isNode(value) || replaced.has(value)) continue;
    if (met.has(value)) {
      if (hasIdentity(value)) shared.add(value);
      continue;
    }
    const replacement = replace(value);
    if (replacement !== undefined) {
      replaced.set(value, replacement);
      continue;
    }
    met.add(value);
    const meant = asPlain(value) as Node;
    if (meant !== value) plain.set(value, meant);
    for (const list of partsOf(meant)) for (const part of list) work.push(part);
  }
  return { replaced, plain, shared };
}

function isNode(value: PickleValue): value is Node {
  return (
    typeof value === 'object' && value !== null && (value instanceof Uint8Array || value.kind !== 'float')
  );
}

/** Names are equal by what they say, and there is one empty tuple. */
function hasIdentity(value: Node): boolean {
  if (value instanceof Uint8Array) return true;
  if (value.kind === 'global') return value.states !== undefined || value.operands !== undefined;
  if (value.kind === 'tuple') return value.items.length > 0;
  return value.kind !== 'extension';
}

/** All parts of a value, as lists that need not be copied. */
function partsOf(value: Node): readonly (readonly PickleValue[])[] {
  if (value instanceof Uint8Array) return [];
  switch (value.kind) {
    case 'tuple':
    case 'list':
    case 'set':
    case 'frozenset':
      return [value.items];
    case 'dict':
      return [value.keys, value.values];
    case 'global':
      return [value.operands ?? [], value.states ?? []];
    case 'object': {
      if (asComplex(value) !== undefined) return [];
      const dict = asOrderedDict(value);
      if (dict !== undefined) return [dict.keys, dict.values, 'state' in dict ? [dict.state!] : []];
      const { callee, args, kwargs, states, items, keys, values } = value;
      return [[callee, args], kwargs === undefined ? [] : [kwargs], states, items, keys, values];
    }
    case 'persistent':
      return [[value.id]];
    default:
      return [];
  }
}
