import type { Context, Json } from '@torsh/core';
import { isKind, type PickleValue, toJson } from '@torsh/pickle';

/** What an honest file says of the machine that wrote it nests two levels deep. */
const DEPTH = 16;

/** What a file says of the machine that wrote it, as typed JSON. */
export function systemJson(system: PickleValue, { limits }: Context): Json {
  return toJson(system, { limits: { ...limits, depth: Math.min(limits.depth, DEPTH) } });
}

/** True where the machine that wrote the file kept the highest byte of a number first. */
export function wasBigEndian(system: PickleValue): boolean {
  return isKind(system, 'dict') && system.values[system.keys.indexOf('little_endian')] === false;
}
