import { pathFlaw } from '@torsh/bytes';
import type { Archive, Model, Resource } from '@torsh/core';
import { basename, type CrateType, folderOf, MANIFEST, SIDECAR, typeOfRole } from './layout.ts';

/** Something of an archive with the entry that it becomes. */
export interface Placed {
  readonly entry: string;
  readonly type: CrateType;
  readonly model?: Model | undefined;
  readonly resource?: Resource | undefined;
}

/** Gives every model and file an entry. The crate keeps only the last segment of a path, so no two entries end alike. */
export function place({ models, resources }: Archive): readonly Placed[] {
  const taken = new Set([MANIFEST.toLowerCase()]);
  const free = (wanted: string): string => {
    const safe = pathFlaw(wanted) === undefined ? wanted : 'file';
    // The crate would take it for a sidecar, and lose it.
    const name = safe.endsWith(SIDECAR) ? `${safe}.file` : safe;
    const [, stem, ending] = /^(.+?)(\.[^.]*)?$/s.exec(name)!;
    let chosen = name;
    for (let count = 2; taken.has(chosen.toLowerCase()); count++) chosen = `${stem}-${count}${ending ?? ''}`;
    taken.add(chosen.toLowerCase());
    return chosen;
  };
  return [
    ...Array.from(models.values(), (model): Placed => {
      return { entry: `models/${free(`${model.name}.safetensors`)}`, type: 'Model', model };
    }),
    ...Array.from(resources.values(), (resource): Placed => {
      const type = typeOfRole(resource.role);
      return { entry: folderOf(type) + free(basename(resource.path)), type, resource };
    }),
  ];
}
