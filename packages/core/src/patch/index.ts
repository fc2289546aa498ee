export { applyPatch } from './apply.ts';
export type { PatchSide } from './create.ts';
export { createPatch } from './create.ts';
export type { Identity, PatchHead } from './head.ts';
export type { Patch, PatchOptions } from './open.ts';
export { isPatch, openPatch } from './open.ts';
export type { Step } from './step.ts';
