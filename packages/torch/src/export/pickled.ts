import type { PickleValue } from '@torsh/pickle';
import { type OpenedCheckpoint, openNested } from '../open-checkpoint.ts';
import { type Opening, recordOf } from './opening.ts';

/** Opens the object of torch.save in a record, in place; its tensors count as tensors of the file. */
export async function openRecord(
  opening: Opening,
  path: string,
  within?: (value: PickleValue) => PickleValue,
): Promise<OpenedCheckpoint> {
  const { context, report, fileBytes } = opening;
  const place = { path, fileBytes, ...(within === undefined ? {} : { within }) };
  const nested = await openNested(recordOf(opening, path), place, context, report);
  const { found, extra } = nested.opened.walked;
  for (const each of [...found, ...extra.found]) opening.found.push(each);
  if (extra.found.length > 0) {
    const message = `${extra.found.length} tensors of modules in ${path} are in no state dict and are not kept.`;
    report('extra-tensors', message, extra.found[0]!.name, 'loss');
  }
  return nested;
}

/** A dictionary that has one object under several names. */
export function underNames(names: readonly string[]): (value: PickleValue) => PickleValue {
  return (value) => ({ kind: 'dict', keys: [...names], values: names.map(() => value) });
}
