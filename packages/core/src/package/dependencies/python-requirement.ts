import type { Limits } from '@torsh/bytes';
import { formatSpecifiers, parseSpecifiers, type Specifiers } from '../pep440/index.ts';
import { checkLength, flawed } from '../version/text.ts';
import { type Marker, parseMarker } from './marker.ts';

/** A Python package that is needed, as PEP 508 says it. */
export interface PythonRequirement {
  /** As it was written; compare by `normalName`. */
  readonly name: string;
  readonly extras: readonly string[];
  readonly specifiers: Specifiers;
  /** Where to take it from, instead of a version. */
  readonly url?: string | undefined;
  /** The condition under which it is needed. */
  readonly marker?: { readonly text: string; readonly tree: Marker } | undefined;
}

/** `Foo.Bar_baz` and `foo-bar-baz` are one package. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

const NAME = /^[A-Za-z\d](?:[-\w.]*[A-Za-z\d])?(?![-\w.])/;

/** A requirement from its text: `numpy[opt]>=1.20,<2; python_version < "3.12"`, `name @ https://…`. */
export function parsePythonRequirement(text: string, limits?: Limits): PythonRequirement {
  checkLength(text, 'requirement', limits);
  const fail = (flaw: string) => flawed(text, 'a requirement of a Python package', flaw);
  const name = NAME.exec(text.trim())?.[0];
  if (name === undefined) throw fail('it does not begin with a name');
  const [extras, rest] = takeExtras(text.trim().slice(name.length).trim(), fail);
  // A URL may have a semicolon in it, so it ends at a space.
  const url = rest.startsWith('@') ? /^@\s*(\S*)/.exec(rest)! : undefined;
  const wanted = url === undefined ? /^[^;]*/.exec(rest)![0] : url[0];
  const condition = rest.slice(wanted.length).trim();
  if (url?.[1] === '') throw fail('a URL follows the @');
  if (condition !== '' && !condition.startsWith(';')) throw fail('a URL ends at a space, and a ; follows it');
  if (condition === ';') throw fail('a marker is missing behind the ;');
  return {
    name,
    extras,
    specifiers: parseSpecifiers(url === undefined ? withoutParentheses(wanted.trim()) : ''),
    url: url?.[1],
    marker: condition === '' ? undefined : markerOf(condition.slice(1).trim()),
  };
}

function markerOf(text: string): PythonRequirement['marker'] {
  return { text, tree: parseMarker(text) };
}

function takeExtras(
  rest: string,
  fail: (flaw: string) => Error,
): readonly [extras: readonly string[], rest: string] {
  if (!rest.startsWith('[')) return [[], rest];
  const end = rest.indexOf(']');
  if (end < 0) throw fail('the [ of its extras is not closed');
  const inner = rest.slice(1, end).trim();
  const extras = inner === '' ? [] : inner.split(',').map((each) => each.trim());
  if (extras.some((extra) => NAME.exec(extra)?.[0] !== extra)) throw fail('an extra is no name');
  return [extras, rest.slice(end + 1).trim()];
}

/** Old metadata writes `numpy (>=1.20)`. */
function withoutParentheses(text: string): string {
  return text.startsWith('(') && text.endsWith(')') ? text.slice(1, -1) : text;
}

/** The text of a requirement. */
export function formatPythonRequirement(requirement: PythonRequirement): string {
  return requirement.name + formatRest(requirement, requirement.url === undefined ? '' : ' ');
}

/** What follows the name of a requirement. */
export function formatRest({ extras, specifiers, url, marker }: PythonRequirement, space = ''): string {
  const wanted = url === undefined ? formatSpecifiers(specifiers) : `${space}@ ${url}`;
  const condition = marker === undefined ? '' : `${url === undefined ? '' : ' '}; ${marker.text}`;
  return (extras.length > 0 ? `[${extras.join(',')}]` : '') + wanted + condition;
}
