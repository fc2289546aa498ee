import type { ByteSource } from '@torsh/bytes';
import type { GraphProto, NodeProto } from '../schema/message.ts';
import type { Shape } from './extent.ts';
import { inferShapes } from './infer.ts';
import type { Given, Operation } from './operations.ts';

/** How much a graph computes when it runs once. */
export interface Work {
  /** Multiplications that are added up: in convolutions and products of matrices. */
  readonly macs: number;
  /** Two for each of these, and all other operations on numbers that were counted. */
  readonly flops: number;
  /** Nodes that were counted, those that only move values among them. */
  readonly counted: number;
  /** Operators whose work torsh does not know, and how many nodes have them. */
  readonly unknown: Readonly<Record<string, number>>;
  /** Operators of nodes where a shape is not known, and how many nodes. */
  readonly shapeless: Readonly<Record<string, number>>;
  /** Names of sizes that were taken as 1, sorted. */
  readonly assumed: readonly string[];
}

/** Counts the work of the nodes of a graph; that of graphs within nodes is not known, because nobody knows how often they run. */
export async function workOf(
  graph: GraphProto,
  source: ByteSource,
  signal: AbortSignal | undefined,
): Promise<Work> {
  const { steps, parameters } = await inferShapes(graph, source, signal);
  const unknown = new Map<string, number>();
  const shapeless = new Map<string, number>();
  let [macs, flops, counted] = [0, 0, 0];
  for (const { operation, given, output } of steps) {
    const work = operation === undefined ? undefined : workOfNode(operation, given, output);
    if (operation === undefined) count(unknown, nameOf(given.node));
    else if (work === undefined) count(shapeless, nameOf(given.node));
    else {
      counted++;
      macs += work.macs;
      flops += 2 * work.macs + work.flops;
    }
  }
  const assumed = [...parameters].sort();
  return { macs, flops, counted, unknown: byCount(unknown), shapeless: byCount(shapeless), assumed };
}

interface Counted {
  readonly macs: number;
  readonly flops: number;
}

function workOfNode(
  { macs, flops }: Operation,
  given: Given,
  output: Shape | undefined,
): Counted | undefined {
  if (macs === undefined && flops === undefined) return { macs: 0, flops: 0 };
  if (output === undefined) return undefined;
  const work = { macs: macs === undefined ? 0 : macs(given, output), flops: flops?.(given, output) ?? 0 };
  // Beyond 2^53 a count is no count.
  return Number.isSafeInteger(work.macs) && Number.isSafeInteger(work.flops) ? (work as Counted) : undefined;
}

/** The name of an operator, with its domain where that is not the usual one. */
export function nameOf({ op_type: name = '', domain = '' }: NodeProto): string {
  return domain === '' || domain === 'ai.onnx' ? name : `${domain}.${name}`;
}

/** Adds one to a count. */
export function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** Counts as an object, the largest first. Names come from files, so it has no prototype. */
export function byCount(counts: ReadonlyMap<string, number>): Record<string, number> {
  const sorted: Record<string, number> = Object.create(null);
  for (const [name, number] of [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)))
    sorted[name] = number;
  return sorted;
}
