import type { Limits } from '@torsh/bytes';
import { METADATA_KEY } from '@torsh/core';
import type { FoundTensor } from '../tensor/find.ts';

/**
 * A name for every tensor: what the graph calls it where that is a name and nobody else has it, initializers of the main
 * graph first; else its place in the model, which is unique.
 */
export function nameTensors(
  found: readonly FoundTensor[],
  { nameBytes }: Pick<Limits, 'nameBytes'>,
): ReadonlyMap<FoundTensor, string> {
  const names = new Map<FoundTensor, string>();
  const taken = new Set<string>();
  const take = (tensor: FoundTensor, name: string): void => {
    names.set(tensor, name);
    taken.add(name);
  };
  for (const main of [true, false]) {
    for (const tensor of found) {
      if (tensor.main === main && isName(tensor.title, nameBytes) && !taken.has(tensor.title))
        take(tensor, tensor.title);
    }
  }
  for (const tensor of found) {
    if (names.has(tensor)) continue;
    let name = tensor.place;
    // Somebody may call a tensor by the place of another.
    while (taken.has(name)) name += "'";
    take(tensor, name);
  }
  // In the order in which they were found.
  return new Map(found.map((tensor) => [tensor, names.get(tensor)!]));
}

const encoder = new TextEncoder();

/** What every format can call a tensor. */
function isName(title: string, most: number): boolean {
  // No character takes more than three bytes for each of its units.
  if (title.length * 3 > most && encoder.encode(title).length > most) return false;
  return title !== '' && title !== METADATA_KEY && !title.includes('\0') && title.isWellFormed();
}
