export { everythingOf, LOGICAL, resourceOf, snapshot, tensorOf } from './archives.ts';
export type { Attack } from './attacks.ts';
export { attacks } from './attacks.ts';
export type { TestContext } from './context.ts';
export { testContext } from './context.ts';
export { testDamage } from './contract/damage.ts';
export type { FormatTestOptions, FormatTests } from './contract/format-tests.ts';
export { testFormat } from './contract/test-format.ts';
export { frozen } from './frozen.ts';
export type { Mutation, MutationOptions } from './mutations.ts';
export { flips, placesOf, truncations } from './mutations.ts';
export type { RangeServer } from './range-server.ts';
export { rangeServer } from './range-server.ts';
export type { Sample } from './samples.ts';
export { inputOf, sampleFrom, sampleOf, samplesIn } from './samples.ts';
export type { PretendedSink, WatchedTreeSink } from './sinks.ts';
export { countingSink, failingTreeSink, pretendedSink } from './sinks.ts';
export type { CountingSource } from './sources.ts';
export {
  abortingSource,
  countingSource,
  failingSource,
  shrunkSource,
  slowSource,
  sparseSource,
  treeOf,
  volatileSource,
} from './sources.ts';
export type { EntryTweaks, HeaderTweaks, ZipTweaks } from './zip-builder.ts';
export { buildZip, descriptor, extraField, fields, join, utf8 } from './zip-builder.ts';
