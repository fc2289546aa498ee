import fs from 'node:fs';
import nodePath from 'node:path';
import { type ByteSink, type ByteSource, TorshError } from '@torsh/bytes';
import {
  type Archive,
  applyPatch,
  createPatch,
  entrySource,
  isPatch,
  open,
  openPatch,
  type PatchHead,
} from '@torsh/core';
import { fileToReplace, type Replaceable, toFile } from '@torsh/node';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../exit.ts';
import { about } from '../failure.ts';
import { type Lent, lend } from '../lend.ts';
import { type Located, locate, sizeAt } from '../locate.ts';
import { placeFor } from '../output.ts';
import { coloursFor } from '../render/colour.ts';
import { deltaAppliedText, deltaJson, deltaText } from '../render/crate-delta.ts';
import { appliedText, createdText, patchText } from '../render/patch.ts';
import { formatIssues } from '../render/report.ts';
import { formatJson } from '../render/text.ts';
import { withoutEnding } from '../target.ts';
import { suggestion, UsageError } from '../usage.ts';
import type { World } from '../world.ts';
import { applyCrateDelta, readDelta } from './crate-delta.ts';

const verbs = { create: runCreate, apply: runApply, show: runShow } as const;

/** `torsh patch`. */
export async function runPatch(given: Arguments, world: World): Promise<number> {
  const [verb, ...files] = given.words as [string, ...string[]];
  if (!Object.hasOwn(verbs, verb)) {
    const near = suggestion(verb, Object.keys(verbs)) || ' There are create, apply and show.';
    throw new UsageError(`There is no \`torsh patch ${verb}\`.${near}`, 'help patch');
  }
  const wanted = verb === 'show' ? 1 : 2;
  if (files.length !== wanted) {
    const usage = { create: '<base> <target>', apply: '<base> <patch>', show: '<patch>' }[verb as 'create'];
    throw new UsageError(`It is \`torsh patch ${verb} ${usage}\`.`, 'help patch');
  }
  if (verb === 'show' && ['output', 'force', 'no-fsync'].some((option) => given.flag(option))) {
    throw new UsageError(
      '`torsh patch show` writes nothing; leave --output, --force and --no-fsync out.',
      'help patch',
    );
  }
  const lent = lend(given, world);
  const places: Located[] = [];
  try {
    let base: Replaceable | undefined;
    for (const path of files) {
      const place = await locate(path, world.cwd, lent.url);
      places.push(place);
      if (verb === 'apply' && place === places[0] && place.absolute !== undefined && !place.isFolder)
        base = fileToReplace(place.absolute);
    }
    return await verbs[verb as keyof typeof verbs](places, { given, lent, world, base });
  } finally {
    lent.bar.clear();
    for (const place of places) await place.close();
  }
}

interface Run {
  readonly given: Arguments;
  readonly lent: Lent;
  readonly world: World;
  /** The base of `apply` as it was when it was opened. */
  readonly base?: Replaceable | undefined;
}

async function runCreate([base, target]: readonly Located[], run: Run): Promise<number> {
  const { lent, world } = run;
  const named = `${withoutEnding(nodePath.basename(target!.outputBeside))}.torshpatch`;
  const path = outputOf(run, nodePath.join(nodePath.dirname(target!.outputBeside), named), [base!, target!]);
  const began = world.now();
  const sides = [await sideOf(base!, run), await sideOf(target!, run)] as const;
  const head = await about(target!.path, async () =>
    createPatch(...sides, await toFile(path.absolute, path.options), lent.options),
  );
  const bytes = await sizeAt(path.path, world.cwd);
  const seconds = (world.now() - began) / 1000;
  print(run, { path: path.path, bytes, ...head, seconds }, (colours) =>
    createdText(path.path, bytes, head, seconds, colours),
  );
  return EXIT.done;
}

async function runApply([base, patch]: readonly Located[], run: Run): Promise<number> {
  const { lent, world } = run;
  const ending = nodePath.extname(base!.outputBeside);
  const named = nodePath.basename(patch!.outputBeside).replace(/\.torshpatch$/i, '') + ending;
  const beside = nodePath.join(nodePath.dirname(base!.outputBeside), named);
  const path = outputOf(run, beside, [patch!]);
  const began = world.now();
  const [from, steps] = [await fileOf(base!, run), await fileOf(patch!, run)];
  if (!(await about(patch!.path, () => isPatch(steps, lent.options)))) {
    const { archive } = await sideOf(base!, run);
    if (archive?.origin === 'torshpkg') return applyDeltaOf(archive, steps, patch!.path, path, run);
  }
  const head = await about(patch!.path, async () =>
    applyPatch(from, steps, await sinkFor(run.base, path), lent.options),
  );
  const seconds = (world.now() - began) / 1000;
  print(run, { path: path.path, ...head.target, seconds }, (colours) =>
    appliedText(path.path, head, seconds, colours),
  );
  return EXIT.done;
}

async function runShow([patch]: readonly Located[], run: Run): Promise<number> {
  const file = await fileOf(patch!, run);
  const { path } = patch!;
  if (/\.(delta|patch)$/i.test(path) && !(await about(path, () => isPatch(file, run.lent.options)))) {
    const delta = await about(path, () => readDelta(file, run.lent));
    print(run, { path, bytes: file.size, ...deltaJson(delta) }, (colours) => deltaText(path, delta, colours));
    return EXIT.done;
  }
  const { head } = await about(patch!.path, () => openPatch(file, { ...run.lent.options }));
  print(run, { path: patch!.path, bytes: file.size, ...head }, (colours) =>
    patchText(patch!.path, file.size, head, colours),
  );
  return EXIT.done;
}

/** Patch files of the Rust crate have no mark of their own; the package that one is applied to tells that it is one. */
async function applyDeltaOf(
  base: Archive,
  file: ByteSource,
  patch: string,
  output: ReturnType<typeof outputOf>,
  run: Run,
): Promise<number> {
  const { lent, world } = run;
  const delta = await about(patch, () => readDelta(file, lent));
  await about(patch, () => applyCrateDelta(base, delta, output, lent));
  const bytes = await sizeAt(output.path, world.cwd);
  const { fromVersion, toVersion, operations } = delta;
  const done = {
    path: output.path,
    size: bytes,
    from: fromVersion,
    to: toVersion,
    operations: operations.length,
  };
  print(run, done, (colours) => deltaAppliedText(output.path, delta, colours));
  if (!lent.json && !lent.quiet)
    world.stderr.write(formatIssues(lent.issues, coloursFor(world.stderr, world.env)));
  return EXIT.done;
}

function print(
  { lent, world }: Run,
  json: PatchHead | object,
  text: (colours: ReturnType<typeof coloursFor>) => string,
): void {
  lent.bar.clear();
  if (lent.json) world.stdout.write(formatJson(json));
  else if (!lent.quiet) world.stdout.write(text(coloursFor(world.stdout, world.env)));
}

/** In the place of the base its permissions stay, links stay links, and what others did to it meanwhile is not lost. */
function sinkFor(
  base: Replaceable | undefined,
  { absolute, options }: ReturnType<typeof outputOf>,
): Promise<ByteSink> {
  const inPlace =
    base !== undefined && fs.existsSync(absolute) && fs.realpathSync.native(absolute) === base.path;
  return inPlace ? base.replace(options) : toFile(absolute, options);
}

/** Where the result goes; a base may be replaced by its own target, everything else that is read may not. */
function outputOf({ given, world }: Run, byName: string, inputs: readonly Located[]) {
  const path = given.text('output') ?? byName;
  const options = { force: given.flag('force'), fsync: !given.flag('no-fsync') };
  return { path, options, absolute: placeFor(path, inputs, world.cwd, options) };
}

async function fileOf(place: Located, { lent }: Run): Promise<ByteSource> {
  const { signal } = lent.options;
  const file = place.isFolder
    ? undefined
    : await about(place.path, () => entrySource(place.input, { signal }));
  if (file !== undefined) return file;
  throw new UsageError(
    `${place.path} is a folder; a patch is made of two files, and applied to one.`,
    'help patch',
  );
}

/** The file and, if it is a model that torsh reads, where its tensors are. Any file can be patched. */
async function sideOf(place: Located, run: Run): Promise<{ file: ByteSource; archive?: Archive }> {
  const file = await fileOf(place, run);
  const { report: _, ...options } = run.lent.options;
  try {
    return { file, archive: await open(place.input, options) };
  } catch (error) {
    if (error instanceof TorshError && error.code !== 'io') return { file };
    throw error;
  }
}
