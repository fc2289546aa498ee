import { pathFlaw } from '@torsh/bytes';
import {
  ALIASES_KEY,
  type Archive,
  DTYPES_KEY,
  type Issue,
  PROVENANCE,
  storedAs,
  tensorFlaw,
  tensorsOf,
} from '@torsh/core';
import { keptRecord } from './kept.ts';
import { basename } from './layout.ts';
import { isObject, isVersion } from './manifest.ts';
import { place } from './placing.ts';

/** What a package would not hold as it is. */
export function examine(archive: Archive): readonly Issue[] {
  if (keptRecord(archive) !== undefined) {
    if (archive.metadata[PROVENANCE] === undefined) return [];
    const message = 'The package is written as it was, and it has no place for where the archive came from.';
    return [{ severity: 'note', code: 'provenance', message }];
  }
  return [...examineContent(archive), ...examineNames(archive)];
}

function* examineContent(archive: Archive): Generator<Issue> {
  for (const [, { name, dtype, shape }] of tensorsOf(archive)) {
    const flaw = tensorFlaw({ name, ...storedAs(dtype, shape) });
    if (flaw === undefined && name !== '' && !name.includes('\0')) continue;
    const message = `The tensor ${JSON.stringify(name)} ${flaw ?? 'has a name that a strict reader refuses'}.`;
    yield { severity: 'blocker', code: 'tensor', message, subject: name };
  }
  for (const { metadata } of archive.models.values()) {
    for (const key of [DTYPES_KEY, ALIASES_KEY]) {
      if (!Object.hasOwn(metadata, key)) continue;
      const message = `The metadata ${key} would be replaced: torsh keeps its own notes under this name.`;
      yield { severity: 'loss', code: 'reserved-metadata', message, subject: key };
    }
  }
  const described = archive.metadata.torsh;
  if (described === undefined || isObject(described)) {
    if (isVersion(described?.version)) return;
    const message = 'The package has no version of SemVer, which the crate wants; 0.0.0 stands in its place.';
    yield { severity: 'note', code: 'version', message };
    return;
  }
  const message = 'The metadata "torsh" is not an object; it becomes the head of the manifest.';
  yield { severity: 'blocker', code: 'namespace', message, subject: 'torsh' };
}

function* examineNames(archive: Archive): Generator<Issue> {
  for (const { entry, resource } of place(archive)) {
    if (resource === undefined) continue;
    const { path } = resource;
    const flaw = pathFlaw(path);
    if (flaw !== undefined) {
      const message = `${JSON.stringify(path)} cannot be in an archive: ${flaw}.`;
      yield { severity: 'blocker', code: 'path', message, subject: path };
    } else if (basename(entry) !== basename(path)) {
      const message = `The crate keeps only the last segment of a path, so ${path} is ${entry} to it. Its sidecar has its path.`;
      yield { severity: 'note', code: 'basename', message, subject: path };
    }
  }
}
