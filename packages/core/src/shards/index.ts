export type { ShardIndex } from './index-file.ts';
export { formatShardIndex } from './index-file.ts';
export { readShardIndex } from './read.ts';
