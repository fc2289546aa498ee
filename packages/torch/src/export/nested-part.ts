import { textEntries } from '@torsh/pickle';
import { type Opening, type Part, recordOf } from './opening.ts';
import { openRecord } from './pickled.ts';

/** Opens the weights or constants that torch up to 2.7 wrote with torch.save, in place. */
export async function nestedPart(opening: Opening, path: string): Promise<Part> {
  // torch writes nothing at all where there is nothing to write.
  if (opening.container.record(path)?.size === 0) {
    recordOf(opening, path);
    return { tensors: [], aliases: new Map(), names: new Set(), facts: {}, plain: true };
  }
  const { opened, pickle } = await openRecord(opening, path);
  const { tensors, aliases } = opened.models[0]!;
  return {
    tensors: [...tensors.values()],
    aliases,
    names: new Set(textEntries(pickle.value)?.keys()),
    facts: opened.structure,
    plain: opened.plain,
  };
}
