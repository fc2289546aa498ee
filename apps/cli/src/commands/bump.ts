import type { VersionIncrement } from '@torsh/core';
import type { Arguments } from '../arguments.ts';
import { lend } from '../lend.ts';
import { asked } from '../package-contents.ts';
import { changePackage } from '../package-save.ts';
import { suggestion, UsageError } from '../usage.ts';
import type { World } from '../world.ts';

const PARTS = ['major', 'minor', 'patch', 'prerelease'] as const satisfies readonly VersionIncrement[];

/** `torsh bump`. */
export async function runBump(given: Arguments, world: World): Promise<number> {
  const [path, word] = given.words as [string, string];
  const part = PARTS.find((each) => each === word);
  if (part === undefined) {
    const near = suggestion(word, PARTS) || ` There are ${PARTS.join(', ')}.`;
    throw new UsageError(`A version has no "${word}" to increment.${near}`, 'help bump');
  }
  const name = given.text('pre');
  if (name !== undefined && part !== 'prerelease') {
    throw new UsageError('--pre names a pre-release; it goes with prerelease.', 'help bump');
  }
  return changePackage(given, lend(given, world), world, (updater) =>
    asked('bump', path, () => updater.incrementVersion(part, name)),
  );
}
