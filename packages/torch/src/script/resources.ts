import type { Resource, ResourceRole } from '@torsh/core';
import type { Container } from '../zip/container.ts';
import { isAdministrative } from '../zip/report.ts';

/** What the writer of TorchScript keeps beside the module, by name. */
const ROLES: readonly (readonly [pattern: RegExp, role: ResourceRole])[] = [
  [/^(code|libs)\//, 'code'],
  [/^(bytecode\.pkl|model\.json|attributes\.pkl)$/, 'program'],
  [/^(data|constants|tensors|bytecode|traced_inputs)(\/|\.pkl$)/, 'data'],
  [/(^|\/)LICEN[CS]E[^/]*$/i, 'licence'],
  [/^extra\/.*\.(json|ya?ml|toml|ini|cfg)$/, 'config'],
  [/^extra\/.*\.(txt|md|rst)$/, 'document'],
];

const MEDIA_TYPES: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/\.py$/, 'text/x-python'],
  [/\.json$/, 'application/json'],
  [/\.(txt|md)$/, 'text/plain'],
];

/** Every record that has become neither a tensor nor metadata, byte for byte. */
export function resourcesOf(container: Container, used: ReadonlySet<string>): Resource[] {
  return [...container.names()]
    .filter((path) => !used.has(path) && !isAdministrative(path))
    .map((path) => ({
      path,
      role: ROLES.find(([pattern]) => pattern.test(path))?.[1] ?? 'other',
      mediaType: MEDIA_TYPES.find(([pattern]) => pattern.test(path))?.[1] ?? 'application/octet-stream',
      data: container.record(path)!,
    }));
}
