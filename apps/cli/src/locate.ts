import fs from 'node:fs';
import nodePath from 'node:path';
import { type FileTree, TorshError, type UrlOptions } from '@torsh/bytes';
import type { Input } from '@torsh/core';
import { fromFile, fromFolder } from '@torsh/node';
import { Failure } from './failure.ts';
import { locateUrl } from './locate-url.ts';
import { nearest, UsageError } from './usage.ts';

/** A place on disk or on a server that can be read as a model; whoever located it closes it. */
export interface Located {
  /** As the person wrote it, without the secrets that an address can hold. */
  readonly path: string;
  /** Where it lies on this disk, if it does. */
  readonly absolute: string | undefined;
  /** The path that an output without a name of its own is named after. */
  readonly outputBeside: string;
  readonly isFolder: boolean;
  readonly input: Input;
  bytes(): Promise<number>;
  close(): Promise<void>;
}

/** Turns a path or an address into an input: a file with its neighbours within reach, or a whole folder. */
export async function locate(path: string, cwd: string, url: UrlOptions = {}): Promise<Located> {
  if (path === '-') {
    throw new UsageError(
      'Standard input cannot be read: model files are read from many places. Save it to a file first.',
    );
  }
  const scheme = /^([a-z][a-z0-9+]+):\//i.exec(path)?.[1];
  if (scheme !== undefined && /^https?$/i.test(scheme)) return locateUrl(path, url);
  if (scheme !== undefined) {
    throw new UsageError(
      `torsh does not read ${scheme}: addresses yet; download the file and name its path.`,
    );
  }
  const absolute = nodePath.resolve(cwd, path);
  try {
    const stats = fs.statSync(absolute, { throwIfNoEntry: false });
    if (stats === undefined && !isLink(absolute)) throw absent(absolute);
    const isFolder = stats?.isDirectory() === true;
    const { place, entry } = await openPlace(absolute, isFolder);
    return {
      path,
      absolute,
      outputBeside: nodePath.relative(cwd, absolute) === '' ? absolute : path.replace(/(?<=.)[/\\]+$/, ''),
      isFolder,
      input: { files: place, entry },
      bytes: async () => (isFolder ? sizeOfTree(place) : (stats?.size ?? 0)),
      close: () => place.close(),
    };
  } catch (error) {
    throw new Failure(path, error);
  }
}

async function openPlace(absolute: string, isFolder: boolean) {
  if (isFolder) return { place: await fromFolder(absolute), entry: undefined };
  const place = await fromFile(absolute);
  return { place, entry: place.entry };
}

/** The bytes of a file or of all files of a folder. */
export async function sizeAt(path: string, cwd: string): Promise<number> {
  const place = await locate(path, cwd);
  try {
    return await place.bytes();
  } finally {
    await place.close();
  }
}

async function sizeOfTree(files: FileTree): Promise<number> {
  let bytes = 0;
  for await (const { size } of files.list()) bytes += size;
  return bytes;
}

function isLink(absolute: string): boolean {
  return fs.lstatSync(absolute, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function absent(absolute: string): TorshError {
  const folder = nodePath.dirname(absolute);
  let names: string[];
  try {
    names = fs.readdirSync(folder);
  } catch {
    return new TorshError(
      'not-found',
      `There is no such file, nor the folder it would be in. Check the path.`,
    );
  }
  const near = nearest(nodePath.basename(absolute), names);
  const remedy = near === undefined ? 'Check the path.' : `Did you mean ${near}?`;
  return new TorshError('not-found', `There is no such file. ${remedy}`);
}
