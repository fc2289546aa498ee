import { type Archive, DEFAULT_MODEL, ROLES, type Role, rolesByName, type Shape } from '@torsh/core';
import { countOf } from './number.ts';
import { printable } from './text.ts';

/** `Lightning checkpoint 2.5.0: weights 4 tensors under state_dict., optimizer …`: what a file holds, in one line. */
export function contentText(archive: Archive, shape: Shape): string {
  const { title, version, roles, settings = [] } = shape;
  const counts = countRoles(archive, shape);
  const parts = ROLES.flatMap((role) => {
    const prefixes = roles[role];
    if (prefixes === undefined) return [];
    const places = prefixes.filter((prefix) => prefix !== '');
    const under = places.length === 0 ? '' : ` under ${places.join(' and ')}`;
    return [`${role} ${countOf(counts.get(role) ?? 0, 'tensor')}${under}`];
  });
  if (settings.length > 0) parts.push(`settings in ${settings.join(' and ')}`);
  const name = version === undefined ? title : `${title} ${version}`;
  return printable(parts.length === 0 ? name : `${name}: ${parts.join(', ')}`);
}

/** How many names have each role, tied ones among them. */
function countRoles(archive: Archive, shape: Shape): Map<Role, number> {
  const counts = new Map<Role, number>();
  const rolesOf = rolesByName(shape);
  const model = archive.models.get(DEFAULT_MODEL);
  for (const name of [...(model?.tensors.keys() ?? []), ...(model?.aliases.keys() ?? [])]) {
    for (const role of rolesOf(name)) counts.set(role, (counts.get(role) ?? 0) + 1);
  }
  return counts;
}
