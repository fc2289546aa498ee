export type { ShardIndex } from './index-file.ts';
export { formatShardIndex } from './index-file.ts';
export { readShardIndex } from './read.ts';
export type { ModelShard, ShardOptions } from './shards-of.ts';
export { shardsOf } from './shards-of.ts';
export { checkShardBytes } from './split.ts';
