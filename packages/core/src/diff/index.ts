export type { Diff, DiffOptions } from './diff.ts';
export { diff } from './diff.ts';
export type { FileDifference, FileDifferences, FileFacts } from './files.ts';
export type { JsonDifference } from './json.ts';
export type { LineDifference } from './lines.ts';
export type { AliasDifference, TensorDifference, TensorDifferences, TensorFacts } from './tensors.ts';
export type { ValueDifference } from './values.ts';
