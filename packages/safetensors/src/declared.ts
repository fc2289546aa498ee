import { isTorshError } from '@torsh/bytes';
import {
  applyDeclarations,
  type Context,
  type Model,
  model,
  parseDeclarations,
  type Tensor,
} from '@torsh/core';
import type { SafetensorsOptions } from './options.ts';

type Metadata = { readonly [key: string]: string };

/** A model from what its files hold: the types and tied names that `__metadata__` declares are applied. */
export function declaredModel(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: readonly Metadata[],
  context: Context,
  { tolerant }: SafetensorsOptions,
): Model {
  try {
    const parsed = metadata.map((each) => parseDeclarations(each, context.limits));
    const dtypes = new Map(parsed.flatMap(({ declarations }) => [...declarations.dtypes]));
    const aliases = new Map(parsed.flatMap(({ declarations }) => [...declarations.aliases]));
    const declared = applyDeclarations(tensors, { dtypes, aliases });
    return model(declared.values(), {
      aliases,
      metadata: merged(
        parsed.map(({ rest }) => rest),
        context,
      ),
    });
  } catch (error) {
    // The reference library knows nothing of declarations, so to it they cannot be wrong.
    if (tolerant !== true || !isTorshError(error, 'malformed')) throw error;
    context.report({
      severity: 'note',
      code: 'declarations',
      message: `${error.message} The declarations were not applied.`,
    });
    return model(tensors.values(), { metadata: merged(metadata, context) });
  }
}

/** The metadata of all files as one; the first file that has a key decides. */
function merged(metadata: readonly Metadata[], context: Context): Metadata {
  const all = new Map<string, string>();
  const conflicts = new Set<string>();
  for (const [key, value] of metadata.flatMap((each) => Object.entries(each))) {
    const known = all.get(key);
    if (known === undefined) all.set(key, value);
    else if (known !== value) conflicts.add(key);
  }
  for (const key of conflicts) {
    const message = `The files do not agree on the metadata ${JSON.stringify(key)}; the value of the first was taken.`;
    context.report({ severity: 'loss', code: 'metadata-conflict', message, subject: key });
  }
  return Object.fromEntries(all);
}
