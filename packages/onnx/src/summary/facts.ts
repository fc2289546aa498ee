import type { WeightCount } from './weights.ts';
import type { Work } from './work.ts';

/** What a model says of itself and what can be counted in it, without reading its weights. */
export interface ModelSummary {
  readonly ir_version: number;
  readonly opsets: Readonly<Record<string, number>>;
  readonly producer: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly nodes: number;
  /** Operators and how many nodes have them, in all graphs and functions. */
  readonly operators: Readonly<Record<string, number>>;
  /** How many graphs there are within nodes. */
  readonly subgraphs: number;
  /** The paths of the first of them, by which `torsh graph` draws them. */
  readonly parts: readonly string[];
  readonly functions: readonly string[];
  readonly weights: WeightCount;
  readonly work: Work | null;
}

/** An input or output: its type as runtimes write it, and its sizes, of which some have names or are not known. */
export interface Value {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string | null)[] | null;
}
