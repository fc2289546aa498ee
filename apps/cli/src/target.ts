import nodePath from 'node:path';
import type { Format } from '@torsh/core';
import { suggestion, UsageError } from './usage.ts';

/** Where a conversion goes and what it becomes. */
export interface Target {
  readonly format: Format;
  readonly path: string;
}

/** What was said of the target. */
export interface Wish {
  /** The input's path without a slash at its end. */
  readonly input: string;
  /** The word behind `to`, or the second path. */
  readonly word: string | undefined;
  /** The value of --to. */
  readonly to: string | undefined;
  readonly formats: readonly Format[];
  isFolder(path: string): boolean;
}

/** Endings of the same kind of file under another name: to strip, and to know a format by. */
const spellings: Readonly<Record<string, string>> = {
  '.pth': '.pt',
  '.pth.tar': '.pt',
  '.ckpt': '.pt',
  '.bin': '.pt',
  '.bin.index.json': '.pt',
  '.safetensors.index.json': '.safetensors',
};

/** Endings that are replaced by the format's own, even where no given format writes them. */
const MODEL_ENDINGS = [
  '.pt',
  '.package.pt',
  '.pt2',
  '.safetensors',
  '.torsh',
  '.pkl',
  '.pickle',
  '.joblib',
  '.onnx',
  '.torshpkg',
  ...Object.keys(spellings),
];

/** Decides the format and the path of the output. Pure but for `isFolder`. */
export function chooseTarget(wish: Wish): Target {
  const { input, word, to, formats } = wish;
  const named = word === undefined ? undefined : formats.find(({ id }) => id === word);
  const format = to === undefined ? named : writable(to, formats);
  if (named !== undefined && format !== undefined && named.id !== format.id) {
    throw new UsageError(
      `"to ${word}" and "--to ${to}" do not agree. For a file of that name write ./${word}.`,
      'help convert',
    );
  }
  if (word === undefined || named !== undefined) {
    if (format === undefined) {
      throw new UsageError(
        'Say what to convert it to: a format (`to torsh`) or a path (`to model.torsh`).',
        'help convert',
      );
    }
    const checked = writable(format.id, formats);
    return { format: checked, path: nodePath.join(nodePath.dirname(input), nameFor(input, checked)) };
  }
  const chosen = format ?? formatOf(word, formats);
  const intoFolder = chosen.writer!.layout !== 'tree' && (/[/\\]$/.test(word) || wish.isFolder(word));
  return { format: chosen, path: intoFolder ? nodePath.join(word, nameFor(input, chosen)) : word };
}

/** The name of the output: the input's, with the format's ending in the place of the one it had. */
function nameFor(input: string, format: Format): string {
  const { layout, suffix } = format.writer!;
  const bare = withoutEnding(nodePath.basename(input));
  return layout === 'tree' ? bare : bare + suffix;
}

/** A name without the ending of a kind of model file. */
export function withoutEnding(name: string): string {
  const ending = longest(MODEL_ENDINGS, name);
  return ending === undefined || ending.length === name.length ? name : name.slice(0, -ending.length);
}

function formatOf(path: string, formats: readonly Format[]): Format {
  const writers = formats.filter(({ writer }) => writer !== undefined);
  const suffixes = writers.map(({ writer }) => writer!.suffix);
  const ending = longest([...suffixes, ...Object.keys(spellings)], path);
  const suffix = ending === undefined ? undefined : (spellings[ending] ?? ending);
  const format = writers.find(({ writer }) => writer!.suffix === suffix);
  if (format !== undefined) return format;
  // An ending that is read as another format's is none to recommend.
  const own = suffixes.filter((each) => !Object.hasOwn(spellings, each));
  const byId = suggestion(
    path,
    writers.map(({ id }) => id),
  );
  const bySuffix = writers.find(({ writer }) => writer!.suffix === `.${path}`);
  const near = bySuffix === undefined ? byId : ` Did you mean ${bySuffix.id}?`;
  throw new UsageError(
    `"${path}" is no format, and as a path it does not tell one.${near || ` End it in ${own.join(' or ')}, or add --to <format>.`}`,
    'help convert',
  );
}

function longest(endings: readonly string[], name: string): string | undefined {
  const lower = name.toLowerCase();
  return endings.filter((ending) => lower.endsWith(ending)).sort((a, b) => b.length - a.length)[0];
}

/** The format with this id if torsh writes it. */
function writable(id: string, formats: readonly Format[]): Format {
  const format = known(id, formats, 'to');
  if (format.writer === undefined) {
    const others = formats.filter(({ writer }) => writer !== undefined).map((each) => each.id);
    throw new UsageError(
      `torsh reads ${id} but does not write it. It writes ${others.join(', ')}.`,
      'help convert',
    );
  }
  return format;
}

/** The format with this id, or a usage error that names the nearest one. */
export function known(id: string, formats: readonly Format[], option: string): Format {
  const format = formats.find((each) => each.id === id);
  if (format !== undefined) return format;
  const ids = formats.map((each) => each.id);
  const near = suggestion(id, ids) || ` There are ${ids.join(', ')}.`;
  throw new UsageError(`--${option}: there is no format "${id}".${near}`);
}
