import { isTorshError } from '@torsh/bytes';
import { parseSpecifiers, type Specifiers, satisfiesSpecifiers } from '../pep440/index.ts';
import type { Marker } from './marker.ts';
import { normalName } from './python-requirement.ts';

/** The answer to a marker, or the variable that is not known. */
export type Verdict = boolean | { readonly unknown: string };

/** The variables whose values are versions. */
const VERSIONS: readonly string[] = [
  'implementation_version',
  'platform_release',
  'python_full_version',
  'python_version',
];

/** Whether a marker holds. What is not known is passed over where the rest decides. */
export function evaluateMarker(marker: Marker, variables: ReadonlyMap<string, string>): Verdict {
  if ('all' in marker) return decide(marker.all, false, variables);
  if ('any' in marker) return decide(marker.any, true, variables);
  const { left, operator, right } = marker;
  const name = 'variable' in left ? left.variable : (right as { readonly variable: string }).variable;
  const values = [left, right].map((side) => {
    const value = 'text' in side ? side.text : variables.get(side.variable);
    // Extras are names; where none was asked for, `extra` is the empty text.
    return name === 'extra' ? normalName(value ?? '') : value;
  });
  const [a, b] = values;
  if (a === undefined || b === undefined) return { unknown: name };
  return compare(a, operator, b, VERSIONS.includes(name)) ?? { unknown: `${name} ${operator}` };
}

/** `all` ends at the first no, `any` at the first yes. */
function decide(parts: readonly Marker[], end: boolean, variables: ReadonlyMap<string, string>): Verdict {
  let open: Verdict = !end;
  for (const part of parts) {
    const verdict = evaluateMarker(part, variables);
    if (verdict === end) return end;
    if (typeof verdict !== 'boolean') open = verdict;
  }
  return open;
}

/** As versions where both are some; else as texts, which have no order. */
function compare(a: string, operator: string, b: string, areVersions: boolean): boolean | undefined {
  const specifiers = areVersions && !operator.endsWith('in') ? readable(operator + b) : undefined;
  if (specifiers !== undefined) return fits(a, specifiers);
  switch (operator) {
    case 'in':
      return b.includes(a);
    case 'not in':
      return !b.includes(a);
    case '==':
    case '<=':
    case '>=':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
    case '>':
      return false;
    default:
      return undefined;
  }
}

function readable(text: string): Specifiers | undefined {
  // A value with a comma in it would be two specifiers.
  return text.includes(',') ? undefined : quietly(() => parseSpecifiers(text));
}

function fits(version: string, specifiers: Specifiers): boolean {
  return quietly(() => satisfiesSpecifiers(version, specifiers)) ?? false;
}

function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (isTorshError(error)) return undefined;
    throw error;
  }
}
