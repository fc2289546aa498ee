import { defaultLimits, portablePathFlaw } from '@torsh/bytes';
import { type Archive, tensorsOf } from '../archive.ts';
import { storedAs } from '../dtype.ts';
import type { Issue } from '../issue.ts';
import { tensorFlaw } from '../safetensors/index.ts';
import { isName, modelPath, recordPath, resourcePath } from './layout.ts';
import { INVENTORY } from './manifest.ts';

/** What a .torsh archive cannot hold although it has a place for it: names that are not portable, and the like. */
export function examine(archive: Archive): Issue[] {
  return [...examineNames(archive), ...examinePaths(archive), ...examineContent(archive)];
}

function blocker(code: string, subject: string, message: string): Issue {
  return { severity: 'blocker', code, subject, message };
}

function* examineNames(archive: Archive): Generator<Issue> {
  for (const name of archive.models.keys()) {
    if (isName(name)) continue;
    const message = `The model name ${JSON.stringify(name)} cannot be a file name; use letters, digits, "_", "-" and ".".`;
    yield blocker('model-name', name, message);
  }
  for (const namespace of Object.keys(archive.metadata)) {
    if (isName(namespace)) continue;
    const message = `The metadata namespace ${JSON.stringify(namespace)} cannot be a file name.`;
    yield blocker('namespace', namespace, message);
  }
  const described = archive.metadata.torsh;
  if (described === undefined) return;
  const isObject = typeof described === 'object' && described !== null && !Array.isArray(described);
  const taken = isObject ? INVENTORY.find((key) => Object.hasOwn(described, key)) : undefined;
  if (isObject && taken === undefined) return;
  const message = isObject
    ? `The metadata "torsh" has the key ${taken}, which the manifest needs for itself.`
    : 'The metadata "torsh" is not an object; it becomes the head of the manifest.';
  yield blocker('namespace', 'torsh', message);
}

/** What one entry of the archive would be called, and what a person calls it. */
interface Named {
  readonly path: string;
  readonly subject: string;
}

/** Paths that a strict reader would refuse. */
function* examinePaths(archive: Archive): Generator<Issue> {
  const all: Named[] = [
    ...Array.from(archive.models.keys(), (name) => ({ path: modelPath(name), subject: name })),
    ...Object.keys(archive.metadata).map((name) => ({ path: recordPath(name), subject: name })),
    ...Array.from(archive.resources.values(), (each) => ({ path: resourcePath(each), subject: each.path })),
  ];
  const folded = new Map<string, string>();
  for (const { path, subject } of all) {
    const flaw = portablePathFlaw(path) ?? lengthFlaw(path);
    if (flaw !== undefined)
      yield blocker('path', subject, `${JSON.stringify(path)} cannot be in a portable archive: ${flaw}.`);
    const other = folded.get(path.toLowerCase());
    if (other !== undefined)
      yield blocker('path', subject, `${other} and ${subject} would be one file on some systems.`);
    folded.set(path.toLowerCase(), subject);
  }
  for (const { path, subject } of all) {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      const file = folded.get(path.slice(0, at).toLowerCase());
      if (file !== undefined)
        yield blocker('path', subject, `${file} is a file and also the folder of ${subject}.`);
    }
  }
}

function lengthFlaw(path: string): string | undefined {
  const length = new TextEncoder().encode(path).length;
  return length > defaultLimits.nameBytes ? `it has ${length} bytes` : undefined;
}

/** Tensors that safetensors, which is inside, cannot hold. */
function* examineContent(archive: Archive): Generator<Issue> {
  for (const [, { name, dtype, shape }] of tensorsOf(archive)) {
    const flaw = tensorFlaw({ name, ...storedAs(dtype, shape) }) ?? nameFlaw(name);
    if (flaw !== undefined) yield blocker('tensor', name, `The tensor ${JSON.stringify(name)} ${flaw}.`);
  }
  for (const { tensors, aliases, metadata } of archive.models.values()) {
    for (const [name, owner] of aliases) {
      if (!tensors.has(owner))
        yield blocker('alias', name, `The tied name ${name} is of ${owner}, which is not there.`);
      if (tensors.has(name))
        yield blocker('alias', name, `The name ${name} is both a tensor and a tied name.`);
    }
    for (const [key, text] of Object.entries(metadata)) {
      if (!/\p{Surrogate}/u.test(key + text)) continue;
      const message = `The metadata ${JSON.stringify(key)} has half of a surrogate pair, which is not a character.`;
      yield blocker('model-metadata', key, message);
    }
  }
}

/** Names that a strict reader refuses. */
function nameFlaw(name: string): string | undefined {
  if (name === '') return 'has an empty name';
  return name.includes('\0') ? 'has a NUL character in its name' : undefined;
}
