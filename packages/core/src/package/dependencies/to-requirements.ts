import type { Dependencies } from './dependencies.ts';
import { type ExportedDependencies, oneLine, unsaid } from './exported.ts';
import { formatPythonRequirement, normalName } from './python-requirement.ts';

/** Python packages as a `requirements.txt`; what pip has no place for follows as comments. */
export function toRequirements({
  python,
  torsh,
  system,
  modules,
  unreadable,
}: Dependencies): ExportedDependencies {
  const sorted = [...python].sort((a, b) => (normalName(a.name) < normalName(b.name) ? -1 : 1));
  const others: [subject: string, wanted: string][] = [
    ...(torsh === undefined ? [] : [['torsh', torsh] as [string, string]]),
    ...system.map(({ name, versions }): [string, string] => [name, versions]),
    ...modules.map((name): [string, string] => [`module ${name}`, '']),
    ...unreadable.map(({ kind, name }): [string, string] => [`${kind} ${name}`, '(cannot be read)']),
  ];
  const lines = [
    ...sorted.map(formatPythonRequirement),
    ...others.map(([subject, wanted]) => `# ${subject} ${wanted}`.trimEnd()),
  ];
  return {
    text: lines.map((line) => `${oneLine(line)}\n`).join(''),
    issues: others.map(([subject, wanted]) => unsaid(subject, wanted)),
  };
}
