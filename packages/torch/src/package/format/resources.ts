import type { ByteSource } from '@torsh/bytes';
import type { Resource, ResourceRole } from '@torsh/core';

/** What a record of a package is for, by its name. */
const ROLES: readonly (readonly [pattern: RegExp, role: ResourceRole])[] = [
  [/\.py$/, 'code'],
  [/^\.data\//, 'data'],
  [/\.(pkl|pickle|pt|bin|npy|npz)$/i, 'data'],
  [/(^|\/)LICEN[CS]E[^/]*$/i, 'licence'],
  [/\.(json|ya?ml|toml|ini|cfg)$/i, 'config'],
  [/\.(txt|md|rst)$/i, 'document'],
];

const MEDIA_TYPES: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/\.py$/, 'text/x-python'],
  [/\.json$/i, 'application/json'],
  [/\.(txt|md|rst)$/i, 'text/plain'],
];

/** A record as a file of the archive. */
export function resourceOf(record: string, path: string, data: ByteSource): Resource {
  return {
    path,
    role: ROLES.find(([pattern]) => pattern.test(record))?.[1] ?? 'other',
    mediaType: MEDIA_TYPES.find(([pattern]) => pattern.test(record))?.[1] ?? 'application/octet-stream',
    data,
  };
}
