import fs from 'node:fs';
import nodePath from 'node:path';
import { TorshError } from '@torsh/bytes';
import type { Output } from '@torsh/core';
import { type OutputOptions, toFolder, toMainFile, toSingleFile } from '@torsh/node';
import { Failure } from './failure.ts';
import type { Located } from './locate.ts';
import type { Target } from './target.ts';
import { UsageError } from './usage.ts';

/** The place for each way in which formats lie on disk. */
const places = { file: toSingleFile, files: toMainFile, tree: toFolder };

/** The output on disk, refused at once if it may not be made: nobody should wait an hour to hear that. */
export function outputFor(target: Target, input: Located, cwd: string, options: OutputOptions): Output {
  const absolute = nodePath.resolve(cwd, target.path);
  checkPlace(target.path, nodePath.dirname(absolute));
  refuseInput(target.path, absolute, input);
  const layout = target.format.writer?.layout ?? 'file';
  const asFile = layout !== 'tree';
  refuseExisting(target.path, absolute, asFile, options.force === true);
  return {
    name: nodePath.basename(absolute),
    open: () => places[layout](absolute, options),
  };
}

/** The whole path of one new file, refused at once if it may not be made or is one of the inputs. */
export function placeFor(
  path: string,
  inputs: readonly Located[],
  cwd: string,
  { force = false }: OutputOptions,
): string {
  if (/[/\\]$/.test(path)) throw new UsageError(`${path} is the name of a folder; name the file, too.`);
  const absolute = nodePath.resolve(cwd, path);
  checkPlace(path, nodePath.dirname(absolute));
  for (const input of inputs) refuseInput(path, absolute, input);
  refuseExisting(path, absolute, true, force);
  return absolute;
}

/** The whole path of a new folder, refused at once if it may not be made. */
export function folderFor(path: string, cwd: string, { force = false }: OutputOptions): string {
  const absolute = nodePath.resolve(cwd, path);
  checkPlace(path, nodePath.dirname(absolute));
  refuseExisting(path, absolute, false, force);
  return absolute;
}

function checkPlace(path: string, folder: string): void {
  let stats: fs.Stats | undefined;
  try {
    stats = fs.statSync(folder, { throwIfNoEntry: false });
  } catch (cause) {
    throw new Failure(
      path,
      new TorshError('io', `There can be no file in ${folder}. Choose another place.`, { cause }),
    );
  }
  if (stats === undefined) {
    throw new Failure(path, new TorshError('io', `The folder ${folder} does not exist. Make it first.`));
  }
  if (!stats.isDirectory()) {
    throw new Failure(path, new TorshError('io', `${folder} is a file, not a folder. Choose another place.`));
  }
}

function refuseInput(path: string, absolute: string, input: Located): void {
  const there = fs.statSync(absolute, { throwIfNoEntry: false, bigint: true });
  if (input.absolute === undefined) return;
  const source = fs.statSync(input.absolute, { bigint: true });
  const same = there !== undefined && there.ino === source.ino && there.dev === source.dev;
  if (same || absolute === input.absolute) {
    throw new UsageError(`The output ${path} would be the input itself. Give it another name.`);
  }
}

function refuseExisting(path: string, absolute: string, asFile: boolean, force: boolean): void {
  const there = fs.lstatSync(absolute, { throwIfNoEntry: false });
  if (there === undefined || (!asFile && isEmptyFolder(absolute))) return;
  if (!force) {
    throw new UsageError(`${path} exists already. Choose another name, or replace it with --force.`);
  }
  if (asFile && there.isDirectory())
    throw new UsageError(`${path} is a folder; a file cannot take its place.`);
}

function isEmptyFolder(absolute: string): boolean {
  try {
    return fs.readdirSync(absolute).length === 0;
  } catch {
    return false;
  }
}
