import { type Limits, pathFlaw } from '@torsh/bytes';
import type { Archive, Issue } from '@torsh/core';
import { TORCH } from '../../object/namespace.ts';
import { examineShapes, examineTypes } from '../../save/examine.ts';
import { externsIn, PACKAGE, statedModules, unsaid } from './dependencies.ts';
import type { FreshPackage } from './fresh.ts';
import { isPackage } from './parse-facts.ts';
import { planPackage } from './plan.ts';

/** What a package cannot hold, and whether the one that the archive came from is given back. */
export function examine(whole: Archive, limits: Limits): readonly Issue[] {
  const blockers = [...examineShapes(whole)];
  if (blockers.length > 0) return blockers;
  const { way, made } = planPackage(whole, limits);
  return [...examineDescription(whole, way), ...(way === 'restored' ? [] : examineFresh(whole, made))];
}

function* examineDescription(whole: Archive, way: 'restored' | 'fresh'): Generator<Issue> {
  const lost = [...unsaid(whole)];
  // A package that is given back has the list that it had.
  if (way === 'restored' && statedModules(whole).join() !== externsIn(whole).join())
    lost.push('dependencies.modules');
  if (lost.length === 0) return;
  const message = `What the archive says of itself (${lost.join(', ')}) would be dropped: a package of torch has no place for it.`;
  yield {
    severity: whole.incidental.has(PACKAGE) ? 'note' : 'loss',
    code: 'metadata',
    subject: PACKAGE,
    message,
  };
}

function* examineFresh(
  whole: Archive,
  { pickles, files, reason, restored, copies }: FreshPackage,
): Generator<Issue> {
  if (reason !== undefined) {
    const severity = whole.incidental.has(TORCH) ? 'note' : 'loss';
    const what = isPackage(whole) ? 'package with its pickles' : 'object';
    const message = `The original ${what} is not given back; each model is written as a plain state dict. ${reason}`;
    yield { severity, code: 'structure', subject: TORCH, message };
  }
  yield* examineTypes(whole, restored, reason !== undefined);
  if (copies > 0) {
    const message = `${copies} storages that are parts of other storages are written as copies: torch has no form for such parts any more.`;
    yield { severity: 'note', code: 'storage-copied', message };
  }
  const taken = new Map<string, string>();
  for (const name of [...pickles.map(({ record }) => record), ...files.map(({ record }) => record)]) {
    const flaw = pathFlaw(name);
    if (flaw !== undefined) {
      const message = `${JSON.stringify(name)} cannot be in a package: ${flaw}.`;
      yield { severity: 'blocker', code: 'path', subject: name, message };
    }
    const other = taken.get(name.toLowerCase());
    if (other !== undefined) {
      const message = `${other} and ${name} would be one file for torch, which does not tell small letters from large ones.`;
      yield { severity: 'blocker', code: 'path', subject: name, message };
    }
    taken.set(name.toLowerCase(), name);
  }
  for (const { record } of pickles) {
    const slash = record.lastIndexOf('/');
    const [folder, file] = [record.slice(0, slash).replaceAll('/', '.'), record.slice(slash + 1)];
    yield {
      severity: 'note',
      code: 'pickle',
      subject: record,
      message: `In Python, importer.load_pickle(${JSON.stringify(folder)}, ${JSON.stringify(file)}) gives what is in ${record}.`,
    };
  }
}
