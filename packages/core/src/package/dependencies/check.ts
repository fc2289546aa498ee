import { isTorshError } from '@torsh/bytes';
import {
  excludesSpecifiers,
  formatSpecifiers,
  parseSpecifiers,
  type Specifiers,
  satisfiesSpecifiers,
} from '../pep440/index.ts';
import { satisfies } from '../version/index.ts';
import type { Dependencies } from './dependencies.ts';
import type { Environment, InstalledPackage } from './environment.ts';
import { evaluateMarker } from './evaluate.ts';
import { formatPythonRequirement, normalName, type PythonRequirement } from './python-requirement.ts';

/** Whether one dependency is there. */
export interface DependencyFinding {
  readonly kind: 'torsh' | 'python' | 'system' | 'module' | 'other';
  readonly name: string;
  /** What is asked for. */
  readonly wanted: string;
  readonly status: 'satisfied' | 'unsatisfied' | 'undecidable';
  /** A sentence for people. */
  readonly reason: string;
}

/** Each dependency beside an environment. */
export interface DependencyCheck {
  readonly findings: readonly DependencyFinding[];
  /** The worst of the findings. */
  readonly status: DependencyFinding['status'];
}

type Judged = readonly [status: DependencyFinding['status'], reason: string];

/** Says for each dependency whether an environment has it, and why; what is not known is undecidable. */
export function checkDependencies(needs: Dependencies, environment: Environment): DependencyCheck {
  const finding = (kind: DependencyFinding['kind'], name: string, wanted: string, [status, reason]: Judged) =>
    ({ kind, name, wanted, status, reason }) as const;
  const findings: DependencyFinding[] = [
    ...(needs.torsh === undefined
      ? []
      : [finding('torsh', 'torsh', needs.torsh, judgeTorsh(needs.torsh, environment))]),
    ...needs.python.map((each) =>
      finding('python', each.name, formatPythonRequirement(each), judgePython(each, environment)),
    ),
    ...needs.system.map(({ name, versions }) =>
      finding('system', name, versions, judgeSystem(name, versions, environment)),
    ),
    ...needs.modules.map((name) => finding('module', name, name, judgeModule(name, environment))),
    ...needs.unreadable.map(({ kind, name, reason }) => finding(kind, name, '', ['undecidable', reason])),
  ];
  const status = (['unsatisfied', 'undecidable'] as const).find((each) =>
    findings.some((finding) => finding.status === each),
  );
  return { findings, status: status ?? 'satisfied' };
}

function judgeTorsh(wanted: string, { torsh }: Environment): Judged {
  if (torsh === undefined) return ['undecidable', 'The version of torsh is not known.'];
  return judged(() => satisfies(torsh, wanted), `torsh is ${torsh}`);
}

function judgePython(requirement: PythonRequirement, environment: Environment): Judged {
  const applies =
    requirement.marker === undefined || evaluateMarker(requirement.marker.tree, environment.variables);
  if (applies === false) return ['satisfied', 'It is not needed in this environment.'];
  const [status, reason] = judgePackage(requirement, environment);
  if (applies === true || status === 'satisfied') return [status, reason];
  return ['undecidable', `${reason} Whether it is needed depends on ${applies.unknown}, which is not known.`];
}

function judgePackage(
  { name, extras, specifiers, url }: PythonRequirement,
  { packages, complete }: Environment,
): Judged {
  if (packages === undefined) return ['undecidable', 'The packages of the environment are not known.'];
  const found = packages.get(normalName(name));
  if (found === undefined) {
    return complete
      ? ['unsatisfied', `${name} is not there.`]
      : ['undecidable', `${name} is not listed; another package may bring it.`];
  }
  const [status, reason] = judgeFound(name, found, specifiers);
  if (status !== 'satisfied') return [status, reason];
  if (url !== undefined) return ['undecidable', `${reason} Whether it is the one of ${url} cannot be told.`];
  if (extras.length > 0)
    return ['undecidable', `${reason} What its extra ${extras.join(', ')} brings along cannot be told.`];
  return [status, reason];
}

function judgeFound(
  name: string,
  { version, specifiers, unknown }: InstalledPackage,
  wanted: Specifiers,
): Judged {
  if (wanted.clauses.length === 0) return ['satisfied', `${name} is there.`];
  if (version !== undefined)
    return judged(() => satisfiesSpecifiers(version, wanted), `${name} is ${version}`);
  if (specifiers === undefined)
    return ['undecidable', `The version of ${name} is not known: ${unknown ?? 'nothing says it'}.`];
  const listed = `The list takes ${name} ${formatSpecifiers(specifiers) || 'of any version'}`;
  switch (excludesSpecifiers(specifiers, wanted)) {
    case 'none':
      return ['satisfied', `${listed}, all of which do.`];
    case 'all':
      return ['unsatisfied', `${listed}, none of which does.`];
    default:
      return ['undecidable', `${listed}, some of which do.`];
  }
}

function judgeSystem(name: string, wanted: string, { system }: Environment): Judged {
  if (system === undefined) return ['undecidable', 'Nothing is known of the machine.'];
  const version = system.get(name.toLowerCase());
  if (version === undefined) return ['unsatisfied', `${name} is not there.`];
  if (wanted === '') return ['satisfied', `${name} is ${version}.`];
  return judged(() => satisfiesSpecifiers(version, parseSpecifiers(wanted)), `${name} is ${version}`);
}

function judgeModule(name: string, { modules }: Environment): Judged {
  if (modules === undefined) return ['undecidable', 'Which modules can be imported is not known.'];
  // Who has a package has what is in it, as far as a name can tell.
  const parts = name.split('.');
  const has = parts.some((_, index) => modules.has(parts.slice(0, index + 1).join('.')));
  return has ? ['satisfied', `${name} can be imported.`] : ['unsatisfied', `${name} cannot be imported.`];
}

/** What a comparison says; a version that is none cannot be compared. */
function judged(fits: () => boolean, found: string): Judged {
  try {
    return fits() ? ['satisfied', `${found}.`] : ['unsatisfied', `${found}.`];
  } catch (error) {
    if (!isTorshError(error)) throw error;
    return ['undecidable', `${found}, which cannot be compared: ${error.message}`];
  }
}
