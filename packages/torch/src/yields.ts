import type { Content } from '@torsh/core';
import { TORCH } from './object/namespace.ts';

/** What the readers of pickled objects give: tensors with their names, and the structure in a namespace of its own. */
export const objects: Content = {
  dtypes: 'all',
  models: 'many',
  aliases: true,
  resources: false,
  metadata: [TORCH],
  modelMetadata: true,
};

/** The same, with files beside: code, programs, sources of classes. */
export const objectsAndFiles: Content = { ...objects, resources: true };
