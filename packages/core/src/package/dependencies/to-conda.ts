import type { Issue } from '../../issue.ts';
import type { Specifier } from '../pep440/index.ts';
import type { Dependencies } from './dependencies.ts';
import { type ExportedDependencies, oneLine, unsaid } from './exported.ts';
import { formatPythonRequirement, normalName, type PythonRequirement } from './python-requirement.ts';

/** Packages that conda-forge calls otherwise. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['torch', 'pytorch'],
  ['opencv-python', 'opencv'],
  ['opencv-python-headless', 'opencv'],
  ['tables', 'pytables'],
  ['msgpack', 'msgpack-python'],
  ['graphviz', 'python-graphviz'],
  ['xgboost', 'py-xgboost'],
  ['build', 'python-build'],
  ['kaleido', 'python-kaleido'],
]);

/** What conda calls parts of the machine. */
const VIRTUAL: ReadonlyMap<string, string> = new Map([
  ['cuda', '__cuda'],
  ['glibc', '__glibc'],
  ['macos', '__osx'],
]);

/** Dependencies as a `conda.yaml`. What conda would read otherwise stands below `pip`, which reads it as it was meant. */
export function toConda(dependencies: Dependencies, name?: string): ExportedDependencies {
  const { python, torsh, system, modules, unreadable } = dependencies;
  const issues: Issue[] = [];
  const conda: string[] = [];
  const pip: string[] = [];
  const note = (code: string, subject: string, message: string) =>
    issues.push({ severity: 'note', code, message, subject });
  for (const each of [...python].sort((a, b) => (normalName(a.name) < normalName(b.name) ? -1 : 1))) {
    const flaw = whyPip(each);
    if (flaw !== undefined) {
      pip.push(formatPythonRequirement(each));
      note('pip', each.name, `${each.name} stands below pip: ${flaw}.`);
      continue;
    }
    const called = NAMES.get(normalName(each.name)) ?? normalName(each.name);
    if (called !== normalName(each.name))
      note('name', each.name, `${each.name} is ${called} in conda-forge.`);
    for (const clause of each.specifiers.clauses) {
      const difference = differenceOf(clause);
      if (difference !== undefined)
        note('version', each.name, `${each.name}${clause.operator}${clause.version}: ${difference}.`);
    }
    conda.push(`${called} ${each.specifiers.clauses.map(condaClause).join(',')}`.trim());
  }
  const comments: string[] = [];
  const comment = (subject: string, wanted: string) => {
    comments.push(`# ${subject} ${wanted}`.trimEnd());
    issues.push(unsaid(subject, wanted));
  };
  for (const { name, versions } of system) {
    const virtual = VIRTUAL.get(name.toLowerCase());
    if (virtual === undefined) comment(name, versions);
    else conda.push(`${virtual} ${versions}`.trim());
  }
  if (torsh !== undefined) comment('torsh', torsh);
  for (const module of modules) comment(`module ${module}`, '');
  for (const { kind, name } of unreadable) comment(`${kind} ${name}`, '(cannot be read)');
  const entries = [...conda, ...(pip.length > 0 ? ['pip'] : [])].map((each) => `  - ${quoted(each)}`);
  const below = pip.length > 0 ? ['  - pip:', ...pip.map((each) => `      - ${quoted(each)}`)] : [];
  const lines = [
    ...(name === undefined ? [] : [`name: ${quoted(name)}`]),
    'channels:',
    '  - conda-forge',
    entries.length + below.length > 0 ? 'dependencies:' : 'dependencies: []',
    ...entries,
    ...below,
    ...comments.map(oneLine),
  ];
  return { text: lines.map((line) => `${line}\n`).join(''), issues };
}

/** Why conda cannot have a requirement. */
function whyPip({ url, marker, extras, specifiers }: PythonRequirement): string | undefined {
  if (url !== undefined) return 'conda takes no URL';
  if (marker !== undefined) return 'conda has no markers';
  if (extras.length > 0) return 'conda has no extras';
  const { clauses } = specifiers;
  if (clauses.some(({ operator }) => operator === '===')) return 'conda has no ===';
  return clauses.some(({ version }) => version.includes('+')) ? 'conda has no local versions' : undefined;
}

/** A prefix is written without an operator. */
function condaClause({ operator, version }: Specifier): string {
  return operator === '==' && version.endsWith('.*') ? version : operator + version;
}

/** Where conda's order gives another answer than PEP 440. */
function differenceOf({ operator, version }: Specifier): string | undefined {
  if (operator === '<' && !/[a-z]/i.test(version)) return 'conda also takes the pre-releases of this version';
  if (operator === '>' && !/post/i.test(version)) return 'conda also takes the post-releases of this version';
  return undefined;
}

/** A text of YAML in quotes, which JSON has too; everything that would need none is left bare. */
function quoted(text: string): string {
  return /^[A-Za-z_][\w.<>=!~, *-]*$/.test(text) &&
    !/: | #|,$|^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
