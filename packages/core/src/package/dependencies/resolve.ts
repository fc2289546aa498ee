import {
  excludesSpecifiers,
  formatSpecifiers,
  intersectSpecifiers,
  parseSpecifiers,
} from '../pep440/index.ts';
import { formatVersion, intersectRequirements, parseRequirement } from '../version/index.ts';
import type { Dependencies } from './dependencies.ts';
import { type Environment, UNKNOWN } from './environment.ts';
import { evaluateMarker } from './evaluate.ts';
import { formatPythonRequirement, normalName, type PythonRequirement } from './python-requirement.ts';

/** Who asks for what. */
export interface Want {
  readonly by: string;
  readonly wanted: string;
}

/** Whether all that ask for one thing can have it. */
export interface Resolution {
  readonly kind: 'torsh' | 'python' | 'system';
  readonly name: string;
  readonly status: 'compatible' | 'conflict' | 'undecidable';
  readonly wants: readonly Want[];
  /** What all ask for together, where one text can say it. */
  readonly versions?: string | undefined;
  /** A version that all of them take. */
  readonly example?: string | undefined;
  /** A sentence for people. */
  readonly reason: string;
}

/** The dependencies of packages that are to live together. */
export interface Resolved {
  readonly resolutions: readonly Resolution[];
  /** The worst of the resolutions. */
  readonly status: Resolution['status'];
}

/** Says for each thing that packages need whether one version can serve them all, and who stands against whom. */
export function resolveTogether(
  packages: ReadonlyMap<string, Dependencies>,
  environment: Environment = UNKNOWN,
): Resolved {
  const resolutions = [
    ...resolveTorsh(packages),
    ...resolvePython(packages, environment),
    ...resolveSystem(packages),
  ];
  const status = (['conflict', 'undecidable'] as const).find((each) =>
    resolutions.some((resolution) => resolution.status === each),
  );
  return { resolutions, status: status ?? 'compatible' };
}

function* resolveTorsh(packages: ReadonlyMap<string, Dependencies>): Generator<Resolution> {
  const wants = [...packages].flatMap(([by, { torsh }]) =>
    torsh === undefined ? [] : [{ by, wanted: torsh }],
  );
  if (wants.length === 0) return;
  const fitting = (some: readonly Want[]) =>
    intersectRequirements(some.map(({ wanted }) => parseRequirement(wanted)));
  const example = fitting(wants);
  const base = { kind: 'torsh', name: 'torsh', wants } as const;
  yield example === undefined
    ? { ...base, status: 'conflict', reason: against('torsh', wants, (some) => fitting(some) !== undefined) }
    : { ...base, ...fits('torsh', formatVersion(example), joined(wants, ' ')) };
}

function* resolvePython(
  packages: ReadonlyMap<string, Dependencies>,
  { variables }: Environment,
): Generator<Resolution> {
  const groups = new Map<
    string,
    (Want & { readonly requirement: PythonRequirement; readonly open: boolean })[]
  >();
  for (const [by, { python }] of packages) {
    for (const requirement of python) {
      const applies = requirement.marker === undefined || evaluateMarker(requirement.marker.tree, variables);
      if (applies === false) continue;
      const name = normalName(requirement.name);
      const want = { by, wanted: formatPythonRequirement(requirement), requirement, open: applies !== true };
      groups.set(name, [...(groups.get(name) ?? []), want]);
    }
  }
  for (const [name, group] of groups) {
    const wants = group.map(({ by, wanted }) => ({ by, wanted }));
    const base = { kind: 'python', name, wants } as const;
    const fitting = (some: typeof group) =>
      intersectSpecifiers(some.map(({ requirement }) => requirement.specifiers)).example;
    const certain = group.filter(({ open }) => !open);
    const urls = new Set(group.map(({ requirement }) => requirement.url).filter((url) => url !== undefined));
    const [example, all] = [fitting(certain), fitting(group)];
    if (example === undefined) {
      yield {
        ...base,
        status: 'conflict',
        reason: against(name, certain, (some) => fitting(some as typeof group) !== undefined),
      };
    } else if (
      urls.size > 0 &&
      group.length > 1 &&
      (urls.size > 1 || group.some(({ requirement }) => requirement.url === undefined))
    ) {
      yield {
        ...base,
        status: 'undecidable',
        reason: `${name} is wanted from ${[...urls].join(' and ')}; which version that is cannot be told.`,
      };
    } else if (all === undefined) {
      yield {
        ...base,
        status: 'undecidable',
        reason: `${name}: some ask for it under conditions on the environment, which is not known.`,
      };
    } else {
      const specifiers = group.map(({ requirement }) => formatSpecifiers(requirement.specifiers));
      yield { ...base, ...fits(name, all, together(specifiers)) };
    }
  }
}

function* resolveSystem(packages: ReadonlyMap<string, Dependencies>): Generator<Resolution> {
  const groups = new Map<string, Want[]>();
  for (const [by, { system }] of packages) {
    for (const { name, versions } of system) {
      const key = name.toLowerCase();
      groups.set(key, [...(groups.get(key) ?? []), { by, wanted: versions }]);
    }
  }
  for (const [name, wants] of groups) {
    const fitting = (some: readonly Want[]) => intersectSpecifiers(some.map(({ wanted }) => wanted)).example;
    const example = fitting(wants);
    const base = { kind: 'system', name, wants } as const;
    yield example === undefined
      ? { ...base, status: 'conflict', reason: against(name, wants, (some) => fitting(some) !== undefined) }
      : { ...base, ...fits(name, example, together(wants.map(({ wanted }) => wanted))) };
  }
}

function fits(name: string, example: string, versions: string | undefined) {
  if (versions === '')
    return { status: 'compatible', versions, reason: `Any version of ${name} serves all.` } as const;
  return { status: 'compatible', versions, example, reason: `${name} ${example} serves all.` } as const;
}

/** The first two that cannot agree, or all of them where no two say it. */
function against(name: string, wants: readonly Want[], agree: (some: readonly Want[]) => boolean): string {
  const say = ({ by, wanted }: Want) => `${by} wants ${wanted || 'any version'}`;
  const alone = wants.find((want) => !agree([want]));
  if (alone !== undefined)
    return `No version of ${name} can be what ${say(alone).replace(' wants ', ' asks for: ')}.`;
  for (const [index, first] of wants.entries()) {
    const second = wants.slice(index + 1).find((each) => !agree([first, each]));
    if (second !== undefined) return `${say(first)}, and ${say(second)}: no version of ${name} is both.`;
  }
  return `${wants.map(say).join(', ')}: no version of ${name} is all of these.`;
}

/** The clauses of several specifiers, each once, without those that the others imply. */
function together(texts: readonly string[]): string {
  const clauses = [...new Set(texts.flatMap((text) => text.split(',')).map((each) => each.trim()))].filter(
    Boolean,
  );
  // Quadratic, so only for as many as people write.
  const simple = clauses.length <= 32 && clauses.every((clause) => !clause.startsWith('==='));
  if (!simple) return clauses.join(',');
  let kept = clauses;
  for (const clause of clauses) {
    const others = kept.filter((each) => each !== clause);
    const implied = excludesSpecifiers(parseSpecifiers(others.join(',')), parseSpecifiers(clause)) === 'none';
    if (implied) kept = others;
  }
  return kept.join(',');
}

/** Requirements as one text, where none of them has alternatives. */
function joined(wants: readonly Want[], separator: string): string | undefined {
  const texts = [...new Set(wants.map(({ wanted }) => wanted.trim()))];
  const plain = texts.length === 1 || texts.every((text) => !text.includes('||') && !/\s-\s/.test(text));
  return plain ? texts.join(separator) : undefined;
}
