import { type Archive, DEFAULT_MODEL, type Model } from './archive.ts';
import type { Content } from './format.ts';

/**
 * The archive with as many models as a target can hold. Where that is one and there are several, it is the one with the
 * usual name: others beside it are what a checkpoint holds besides its state dict. Without such a one, nothing is left out.
 */
export function fitModels(archive: Archive, models: Content['models']): Archive {
  const main = archive.models.get(DEFAULT_MODEL);
  if (models === 'many' || archive.models.size < 2 || main === undefined) return archive;
  return { ...archive, models: new Map([[DEFAULT_MODEL, main]]) };
}

/** The models that `fitModels` leaves out. */
export function leftOut(archive: Archive, accepts: Content): readonly Model[] {
  const { models } = fitModels(archive, accepts.models);
  return [...archive.models.values()].filter(({ name }) => !models.has(name));
}
