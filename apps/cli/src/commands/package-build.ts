import fs from 'node:fs';
import nodePath from 'node:path';
import type { Issue } from '@torsh/core';
import { toFile } from '@torsh/node';
import { EmptyMatchError, findFirstUseOfBrokenModules, PackagingError } from '@torsh/torch';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../exit.ts';
import { about, Failure } from '../failure.ts';
import { lend } from '../lend.ts';
import { sizeAt } from '../locate.ts';
import { placeFor } from '../output.ts';
import { buildPackage } from '../recipe/build.ts';
import { readRecipe } from '../recipe/recipe.ts';
import { coloursFor } from '../render/colour.ts';
import { brokenJson, builtText, graphJson, listsJson, refusedText } from '../render/recipe.ts';
import { formatIssues } from '../render/report.ts';
import { formatJson } from '../render/text.ts';
import { UsageError } from '../usage.ts';
import type { World } from '../world.ts';

/** `torsh package build`. */
export async function runPackageBuild(
  words: readonly string[],
  given: Arguments,
  world: World,
): Promise<number> {
  const [path, output] = words as [string, string];
  const lent = lend(given, world);
  const file = nodePath.resolve(world.cwd, path);
  const recipe = readRecipe(textAt(file, path), path);
  const options = { force: given.flag('force'), fsync: !given.flag('no-fsync') };
  const absolute = placeFor(output, [], world.cwd, options);
  if (absolute === file) throw new UsageError(`The output ${output} would be the recipe itself.`);
  const issues: Issue[] = [];
  const began = world.now();
  try {
    const places = {
      recipe: nodePath.dirname(file),
      sink: await toFile(absolute, options),
      folder: nodePath.parse(absolute).name,
    };
    const exporter = await about(path, () =>
      buildPackage(recipe, places, lent, (issue) => issues.push(issue)),
    );
    lent.bar.clear();
    const bytes = await sizeAt(output, world.cwd);
    const all = [...issues, ...lent.issues];
    if (lent.json) {
      const seconds = (world.now() - began) / 1000;
      const lists = listsJson(exporter);
      const made = { output: { path: output, bytes }, ...lists, graph: graphJson(exporter.dependencyGraph) };
      world.stdout.write(formatJson({ ...made, seconds, issues: all }));
    } else if (!lent.quiet) {
      world.stdout.write(builtText(output, bytes, exporter, coloursFor(world.stdout, world.env)));
      world.stderr.write(formatIssues(all, coloursFor(world.stderr, world.env)));
    }
    return EXIT.done;
  } catch (error) {
    const cause = error instanceof Failure ? error.cause : error;
    if (!(cause instanceof PackagingError || cause instanceof EmptyMatchError)) throw error;
    if (lent.json) world.stdout.write(refusedJson(cause, issues));
    world.stderr.write(refusedText(path, cause.message));
    world.stderr.write(formatIssues(issues, coloursFor(world.stderr, world.env)));
    return EXIT.findings;
  } finally {
    lent.bar.clear();
  }
}

/** Why there is no package, for programs. */
function refusedJson(error: PackagingError | EmptyMatchError, issues: readonly Issue[]): string {
  const found =
    error instanceof PackagingError
      ? {
          broken: brokenJson(error.broken, findFirstUseOfBrokenModules(error)),
          graph: graphJson(error.graph),
        }
      : {};
  return formatJson({ output: null, error: error.name, message: error.message, ...found, issues });
}

/** The recipe, which is a file of the user's own: what is wrong with it is wrong on the command line. */
function textAt(file: string, path: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      code === 'ENOENT' ? `There is no recipe ${path}.` : `The recipe ${path} cannot be read (${code}).`,
      'help package',
    );
  }
}
