import type { Limits } from '@torsh/bytes';
import { type Archive, DEFAULT_MODEL, type Issue, type Model, tensorsOf } from '@torsh/core';
import { TORCH } from '../object/namespace.ts';
import { isQuantised, sizeOf } from '../object/tensor-call.ts';
import { mainOf, prepare } from '../prepare-object.ts';

/** What a checkpoint cannot hold although it knows the type, and whether the original object is given back. */
export function examine(archive: Archive, limits: Limits): readonly Issue[] {
  const blockers = [...examineShapes(archive)];
  const main = mainOf(archive);
  if (main === undefined) return [...blockers, manyModels(archive)];
  if (blockers.length > 0) return blockers;
  const { form, reason, copies } = prepare(archive, limits);
  const issues = [
    ...(form === 'object' ? [] : leftOut(archive, main)),
    ...examineTypes(archive, form === 'object', reason !== undefined),
    ...copied(copies),
  ];
  if (reason === undefined) return issues;
  const severity = archive.incidental.has(TORCH) ? 'note' : 'loss';
  const message = `The original object is not given back; a plain state dict is written. ${reason}`;
  return [{ severity, code: 'structure', subject: TORCH, message }, ...issues];
}

/** Parts of storages were objects of their own up to torch 0.3, which wrote down whose part they are. */
function* copied(copies: number): Generator<Issue> {
  if (copies === 0) return;
  const message = `${copies} storages that are parts of other storages are written as copies: torch has no form for such parts any more.`;
  yield { severity: 'note', code: 'storage-copied', message };
}

function manyModels({ models }: Archive): Issue {
  const names = [...models.keys()].join(', ');
  const message =
    models.size === 0
      ? 'There is no model; a checkpoint holds one.'
      : `There are ${models.size} models (${names}); a checkpoint without its structure holds one. Choose one with --select.`;
  return { severity: 'blocker', code: 'many-models', message };
}

/** What a state dict has no place for: other models, and another name of the one. */
export function* leftOut({ models }: Archive, main: Model): Generator<Issue> {
  for (const { name, tensors } of models.values()) {
    if (name === main.name) continue;
    const message = `The model ${name} (${tensors.size} tensors) would be dropped: a state dict is one model.`;
    yield { severity: 'loss', code: 'model', subject: name, message };
  }
  if (main.name !== DEFAULT_MODEL) {
    const message = `A state dict has no name of its own; ${main.name} is not kept.`;
    yield { severity: 'note', code: 'model-name', subject: main.name, message };
  }
}

/** Two `F4` values share a byte, and torch counts bytes. */
export function* examineShapes(archive: Archive): Generator<Issue> {
  for (const [, { name, dtype, shape }] of tensorsOf(archive)) {
    if (dtype !== 'F4' || sizeOf(dtype, shape) !== undefined) continue;
    // A tensor of one pair may be that without dimensions, which the structure tells.
    const message = `The tensor ${name} of F4 has [${shape.join(', ')}] values: torch needs an even number in the last dimension.`;
    yield { severity: 'blocker', code: 'tensor', subject: name, message };
  }
}

/**
 * Quantised tensors without their scale, and types that are new to torch. `dropped` says that the scale was in the object
 * that is not given back.
 */
export function* examineTypes(archive: Archive, restored: boolean, dropped: boolean): Generator<Issue> {
  for (const [, { name, dtype }] of tensorsOf(archive)) {
    if (isQuantised(dtype) && !restored) {
      const message = dropped
        ? `The scale of ${name} (${dtype}) is in the object that is not given back; its integers are written with scale 1 and zero point 0.`
        : `Nothing says the scale of ${name} (${dtype}); its integers are written with scale 1 and zero point 0.`;
      yield { severity: dropped ? 'loss' : 'note', code: 'no-scale', subject: name, message };
    }
    if (dtype === 'BC32') {
      const message = `${name} is of the type bcomplex32, which torch has since 2.14.`;
      yield { severity: 'note', code: 'new-type', subject: name, message };
    }
  }
}
