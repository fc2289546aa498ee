import fs from 'node:fs';
import nodePath from 'node:path';
import { decodeUtf8, fromBytes } from '@torsh/bytes';
import { type Issue, RequestError } from '@torsh/core';
import { toFile } from '@torsh/node';
import { editPackage, type FileEdit, openPackage, type PackageEdits, type SourceEdit } from '@torsh/torch';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../exit.ts';
import { about } from '../failure.ts';
import { lend } from '../lend.ts';
import { locate, sizeAt } from '../locate.ts';
import { placeFor } from '../output.ts';
import { coloursFor } from '../render/colour.ts';
import { editedText } from '../render/recipe.ts';
import { formatIssues } from '../render/report.ts';
import { formatJson } from '../render/text.ts';
import { UsageError } from '../usage.ts';
import type { World } from '../world.ts';

/** `torsh package edit`. */
export async function runPackageEdit(
  words: readonly string[],
  given: Arguments,
  world: World,
): Promise<number> {
  const [path] = words as [string];
  const edits = editsOf(given, world.cwd);
  const lent = lend(given, world);
  const source = await locate(path, world.cwd, lent.url);
  try {
    const output = given.text('output') ?? source.outputBeside;
    const options = { force: given.flag('force'), fsync: !given.flag('no-fsync') };
    // Its own place is a good one: the new package takes it when it is whole.
    const itself = nodePath.resolve(world.cwd, output) === source.absolute;
    const absolute = placeFor(output, itself ? [] : [source], world.cwd, options);
    const { platform, limits, signal } = lent.options;
    const issues: Issue[] = [];
    const report = (issue: Issue) => issues.push(issue);
    const importer = await about(path, () => openPackage(source.input, { platform, limits, signal, report }));
    const progress = lent.options.progress === undefined ? {} : { progress: lent.options.progress };
    const dependencies = !given.flag('no-dependencies');
    const edited = wellAsked(() =>
      editPackage(importer, edits, { platform, limits, signal, dependencies, ...progress }),
    );
    for (const { module, from } of edited.missing) {
      const message = `${from} imports ${module}, which the package has not and does not take from outside. Add its source, or --extern ${module}.`;
      issues.push({ severity: 'note', code: 'missing-import', message, subject: module });
    }
    const sink = await toFile(absolute, options);
    await about(path, () => edited.write(sink));
    lent.bar.clear();
    const { write: _, ...changes } = edited;
    if (lent.json) {
      const bytes = await sizeAt(output, world.cwd);
      world.stdout.write(formatJson({ output: { path: output, bytes }, ...changes, issues }));
    } else if (!lent.quiet) {
      world.stdout.write(editedText(output, changes, coloursFor(world.stdout, world.env)));
      world.stderr.write(formatIssues(issues, coloursFor(world.stderr, world.env)));
    }
    return EXIT.done;
  } finally {
    lent.bar.clear();
    await source.close();
  }
}

function wellAsked<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof RequestError ? new UsageError(error.message, 'help package') : error;
  }
}

/** What is to be changed, read from the command line and the files that it names. */
function editsOf(given: Arguments, cwd: string): PackageEdits {
  const asPackage = given.flag('package');
  const sources = given.all('source').map((pair): SourceEdit => {
    const [module, file, bytes] = assigned('source', pair, 'my.module=file.py', cwd);
    const source = decodeUtf8(bytes);
    if (source === undefined) throw new UsageError(`--source ${pair}: ${file} is not UTF-8.`);
    // As in Python: a file called __init__.py is the source of a package.
    const isPackage = asPackage || nodePath.basename(file) === '__init__.py' ? true : undefined;
    return { module, source, isPackage };
  });
  const files = given.all('text').map((pair): FileEdit => {
    const [path, , bytes] = assigned('text', pair, 'my/package/words.txt=file', cwd);
    return { path, content: fromBytes(bytes) };
  });
  const [remove, externs] = [given.all('remove'), given.all('extern')];
  if (sources.length + files.length + remove.length + externs.length === 0) {
    throw new UsageError('Say what to change: --source, --text, --remove or --extern.', 'help package');
  }
  if (asPackage && sources.length === 0)
    throw new UsageError('--package says that a --source is a package; there is none.', 'help package');
  return { sources, files, remove, externs };
}

/** `name=file`, and what is in the file. */
function assigned(
  option: string,
  pair: string,
  example: string,
  cwd: string,
): [name: string, file: string, bytes: Uint8Array] {
  const [name, ...rest] = pair.split('=') as [string, ...string[]];
  const file = rest.join('=');
  if (name === '' || file === '')
    throw new UsageError(`--${option} ${pair}: write ${example}.`, 'help package');
  try {
    return [name, file, fs.readFileSync(nodePath.resolve(cwd, file))];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read (${code})`;
    throw new UsageError(`--${option} ${pair}: ${why}.`);
  }
}
