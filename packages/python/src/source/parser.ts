import type { TokenReader } from './reader.ts';
import type { Node } from './tree.ts';

/** What the parts of the grammar need of each other. It is made in one place, so that no file needs to import in a circle. */
export interface Parser {
  readonly tokens: TokenReader;
  /** An expression without a star or `:=` at its top. */
  expression(): Node;
  /** An expression or `name := expression`. */
  named(): Node;
  /** An expression without comparisons and words: what may follow a star, and what may be assigned to. */
  operand(): Node;
  /** An expression without a condition at its top. */
  disjunction(): Node;
  /** One or more expressions, perhaps with stars; a tuple if there is a comma. */
  expressions(): Node;
  /** The same, or `yield`. */
  value(): Node;
  /** How many lambdas are open in the default values of others. */
  lambdas: number;
}
