import fs from 'node:fs';
import nodePath from 'node:path';
import type { FileTree } from '@torsh/bytes';
import type { Issue, ModelInput, ResourceContent, ResourceType } from '@torsh/core';
import { createContext, fitModels, RESOURCE_TYPES, RequestError, typeByName } from '@torsh/core';
import { fromFolder, openFile } from '@torsh/node';
import type { Arguments } from './arguments.ts';
import { about, Failure } from './failure.ts';
import type { Lent } from './lend.ts';
import { locate } from './locate.ts';
import { withoutEnding } from './target.ts';
import { suggestion, UsageError } from './usage.ts';
import type { World } from './world.ts';

/** A model or a file that is to go into a package; its bytes are read when they are written. */
export type Content =
  | { readonly kind: 'model'; readonly name: string; readonly model: ModelInput }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly type: ResourceType;
      readonly content: ResourceContent;
    };

/** What `--model`, `--resource` and `--code` name, opened; who opened it closes it. */
export interface Contents {
  readonly list: readonly Content[];
  close(): Promise<void>;
}

/** Opens everything that is to go into a package. */
export async function openContents(given: Arguments, lent: Lent, world: World): Promise<Contents> {
  const list: Content[] = [];
  const places: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const place of places) await place.close();
  };
  const file = async (from: string): Promise<ResourceContent> => {
    const opened = await about(from, () => openFile(nodePath.resolve(world.cwd, from)));
    places.push(opened);
    return opened;
  };
  try {
    for (const text of given.all('model')) {
      const [name, from] = pairOf(text, (path) => withoutEnding(nodePath.basename(path)));
      const place = await locate(from, world.cwd, lent.url);
      places.push(place);
      const archive = await about(place.path, () => createContext(lent.options).open(place.input));
      const fitting = fitModels(archive, 'one');
      const left = [...archive.models.keys()].filter((each) => !fitting.models.has(each));
      const more = archive.resources.size > 0 || Object.keys(archive.metadata).length > 0;
      if (more || left.length > 0) lent.options.report?.(tensorsOnly(place.path, left));
      list.push({ kind: 'model', name, model: fitting });
    }
    for (const text of given.all('resource')) {
      const [path, from, type] = typed(text);
      list.push({ kind: 'file', path, type: type ?? typeByName(path), content: await file(from) });
    }
    for (const text of given.all('code')) {
      const [path, from] = pairOf(text, (each) => nodePath.basename(each));
      const absolute = nodePath.resolve(world.cwd, from);
      if (!fs.statSync(absolute, { throwIfNoEntry: false })?.isDirectory()) {
        list.push({ kind: 'file', path, type: codeType(path), content: await file(from) });
        continue;
      }
      const folder = await about(from, () => fromFolder(absolute));
      places.push(folder);
      for (const name of await about(from, () => codeIn(folder))) {
        const whole = path === '.' ? name : `${path}/${name}`;
        const content = await about(nodePath.join(from, name), () => folder.open(name));
        if (content !== undefined) list.push({ kind: 'file', path: whole, type: codeType(whole), content });
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { list, close };
}

function tensorsOnly(path: string, left: readonly string[]): Issue {
  const others = left.length === 0 ? '' : ` of its main model (not ${left.join(', ')})`;
  return {
    severity: 'note',
    code: 'tensors-only',
    subject: path,
    message: `Of ${path} only tensors and tied names${others} go into the package; \`torsh convert\` keeps all of it.`,
  };
}

/** `name=file`, or a file that names itself. */
function pairOf(text: string, nameOf: (path: string) => string): readonly [name: string, path: string] {
  const at = text.indexOf('=');
  return at > 0 ? [text.slice(0, at), text.slice(at + 1)] : [nameOf(text), text];
}

/** `path=file:Type`, where path and type can be left out. */
function typed(text: string): readonly [path: string, from: string, type: ResourceType | undefined] {
  const [, plain = text, word] = /^(.*[^:\\/]):([A-Za-z]+)$/.exec(text) ?? [];
  const type = RESOURCE_TYPES.find((each) => each.toLowerCase() === word?.toLowerCase());
  if (word !== undefined && type === undefined) {
    const near = suggestion(word, RESOURCE_TYPES) || ` There are ${RESOURCE_TYPES.join(', ')}.`;
    throw new UsageError(`--resource ${text}: there is no type "${word}".${near}`);
  }
  const [path, from] = pairOf(type === undefined ? text : plain, (each) => nodePath.basename(each));
  return [path, from, type];
}

/** The files below a folder, without what Python and version control leave there. */
async function codeIn(folder: FileTree): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { path: name } of folder.list()) {
    if (name.split('/').some((part) => part.startsWith('.') || part === '__pycache__')) continue;
    names.push(name);
  }
  return names.sort();
}

function codeType(path: string): ResourceType {
  return path.endsWith('.py') ? 'Python' : 'Code';
}

/** Does what the command line asks for; what does not fit is a mistake on the command line. */
export function asked<T>(command: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RequestError) throw new UsageError(`${path}: ${error.message}`, `help ${command}`);
    throw error instanceof UsageError ? error : new Failure(path, error);
  }
}
