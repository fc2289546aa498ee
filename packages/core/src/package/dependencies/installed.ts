import { type Environment, type InstalledPackage, UNKNOWN } from './environment.ts';
import { evaluateMarker } from './evaluate.ts';
import { normalName, type PythonRequirement } from './python-requirement.ts';
import { type RequirementsText, wheelName } from './requirements-text.ts';

/**
 * The environment that a requirements file makes. Where every line pins one version, as `pip freeze` prints them, what is not
 * listed is not there; else somebody else may bring it.
 */
export function environmentOf(
  { requirements, issues }: RequirementsText,
  around: Environment = UNKNOWN,
): Environment {
  const packages = new Map<string, InstalledPackage>();
  let complete = issues.length === 0;
  for (const requirement of requirements) {
    const applies =
      requirement.marker === undefined || evaluateMarker(requirement.marker.tree, around.variables);
    if (applies === false) continue;
    const name = normalName(requirement.name);
    const found = installed(requirement);
    if (found.specifiers !== undefined) complete = false;
    if (applies !== true) {
      packages.set(name, {
        unknown: `it is listed for some environments, and ${applies.unknown} is not known`,
      });
    } else if (packages.has(name)) packages.set(name, { unknown: 'it is listed twice' });
    else packages.set(name, found);
  }
  return { ...around, packages, complete };
}

function installed({ specifiers, url }: PythonRequirement): InstalledPackage {
  const [only, second] = specifiers.clauses;
  const isPin = second === undefined && (only?.operator === '==' || only?.operator === '===');
  if (isPin && !only.version.endsWith('.*')) return { version: only.version };
  if (url === undefined) return { specifiers };
  const version = wheelName(url)?.[1];
  return version === undefined
    ? { unknown: `it comes from ${url}, which does not say its version` }
    : { version };
}
