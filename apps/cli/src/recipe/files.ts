import fs from 'node:fs';
import nodePath from 'node:path';
import type { ByteSource } from '@torsh/bytes';
import type { Input, Issue } from '@torsh/core';
import { type Folder, fromFile, fromFolder } from '@torsh/node';
import type { Place } from './place.ts';

/** The files that a recipe names, relative to it; what is opened is closed together. */
export interface RecipeFiles {
  folder(path: string, place: Place): Promise<Folder>;
  file(path: string, place: Place): Promise<Input & { readonly entry: string; readonly whole: string }>;
  /** The bytes of a file, read when they are needed. */
  bytes(path: string, place: Place): Promise<ByteSource>;
  /** A file or a folder of source: the folder, and the name of the file in it. */
  source(path: string, place: Place): Promise<{ readonly tree: Folder; readonly path: string }>;
  close(): Promise<void>;
}

/** Files beside a recipe. A way out of its folder is told, since the recipe then works in one place only. */
export function recipeFiles(folder: string, report: (issue: Issue) => void): RecipeFiles {
  const opened: Folder[] = [];
  const keep = <T extends Folder>(place: T): T => {
    opened.push(place);
    return place;
  };
  const wholeOf = (path: string, place: Place, kind: 'file' | 'folder' | 'any'): string => {
    const whole = nodePath.resolve(folder, path);
    const way = nodePath.relative(folder, whole);
    if (way.split(nodePath.sep)[0] === '..' || nodePath.isAbsolute(way)) {
      const message = `${place.key} leads out of the folder of the recipe: ${path}.`;
      report({ severity: 'note', code: 'outside-of-recipe', message, subject: path });
    }
    const found = fs.statSync(whole, { throwIfNoEntry: false });
    if (found === undefined) throw place.wrong(`names ${path}, which is not there.`);
    if (kind !== 'any' && found.isDirectory() !== (kind === 'folder'))
      throw place.wrong(`names ${path}, which is no ${kind}.`);
    return whole;
  };
  const file = async (path: string, place: Place) => {
    const whole = wholeOf(path, place, 'file');
    const files = keep(await fromFile(whole));
    return { files, entry: files.entry, whole };
  };
  const bytes = async (path: string, place: Place) => {
    const { files, entry } = await file(path, place);
    return (await files.open(entry))!;
  };
  return {
    folder: async (path, place) => keep(await fromFolder(wholeOf(path, place, 'folder'))),
    file,
    bytes,
    async source(path, place) {
      const whole = wholeOf(path, place, 'any');
      if (fs.statSync(whole).isDirectory()) return { tree: keep(await fromFolder(whole)), path: '' };
      const tree = keep(await fromFile(whole));
      return { tree, path: tree.entry };
    },
    async close() {
      for (const each of opened) await each.close();
    },
  };
}
