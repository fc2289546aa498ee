import nodePath from 'node:path';
import { loadPackage, type PackageUpdater, packageUpdater } from '@torsh/package';
import type { Arguments } from './arguments.ts';
import { EXIT } from './exit.ts';
import { about, Failure } from './failure.ts';
import type { Lent } from './lend.ts';
import { placeFor } from './output.ts';
import { coloursFor } from './render/colour.ts';
import { packageJson, packageSummary } from './render/package.ts';
import { formatIssues } from './render/report.ts';
import { UsageError } from './usage.ts';
import type { World } from './world.ts';

/** Changes a package: in its place, or into the file of `--output`. */
export async function changePackage(
  given: Arguments,
  lent: Lent,
  world: World,
  change: (updater: PackageUpdater) => unknown,
): Promise<number> {
  const path = given.words[0]!;
  const output = given.text('output');
  const isAddress = /^https?:/i.test(path);
  if (isAddress && output === undefined) {
    throw new UsageError(`${path} is on a server and cannot be changed there; name a file with --output.`);
  }
  const absolute =
    output === undefined ? undefined : placeFor(output, [], world.cwd, { force: given.flag('force') });
  const compression = given.flag('compress') ? 'deflate' : 'none';
  const place = isAddress ? path : nodePath.resolve(world.cwd, path);
  const { formats: _, from: __, ...options } = lent.options;
  const updater = await about(path, () => packageUpdater(place, { ...options, url: lent.url, compression }));
  try {
    await change(updater);
    const save = { ...options, force: given.flag('force'), fsync: !given.flag('no-fsync') };
    await about(output ?? path, () => updater.save(absolute, save));
  } finally {
    await updater.close();
  }
  return tellPackage(output ?? path, output === undefined ? 'changed' : 'wrote', lent, world);
}

/** Prints what a package is now. */
export async function tellPackage(path: string, verb: string, lent: Lent, world: World): Promise<number> {
  lent.bar.clear();
  if (lent.quiet && !lent.json) return EXIT.done;
  const found = await loadPackage(nodePath.resolve(world.cwd, path)).catch((error: unknown) => {
    throw new Failure(path, error);
  });
  try {
    if (lent.json) {
      world.stdout.write(packageJson(path, found, lent.issues));
    } else {
      world.stdout.write(packageSummary(verb, path, found, coloursFor(world.stdout, world.env)));
      world.stderr.write(formatIssues(lent.issues, coloursFor(world.stderr, world.env)));
    }
  } finally {
    await found.close();
  }
  return EXIT.done;
}
