import { type ByteSource, isTorshError, type TorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import type { PickleValue } from '@torsh/pickle';
import type { PickleReport, Survey, SurveyError, Unseen } from './report.ts';

/** Archives in archives, and pickles in pickles: real files have one or two levels. */
const NESTING = 8;

/** A survey that is being made. */
export interface Look {
  readonly context: Context;
  /** What was found in one more content. */
  add(reports: readonly PickleReport[]): void;
  program(path: string): void;
  unseen(path: string, code: Unseen['code'], reason: string): void;
  note(path: string, code: string, message: string, offset?: number): void;
  /** The file is refused; the first reason counts. */
  refuse(path: string, error: TorshError): void;
  /** Looks into content of any kind; `depth` counts what it lies in. What cannot be read is noted. */
  into(source: ByteSource, path: string, depth: number, options?: StreamOptions): Promise<void>;
  /** All bytes of some content; `undefined` where that would be too much, which is noted. */
  load(source: ByteSource, path: string): Promise<Uint8Array | undefined>;
  done(): Survey;
}

/** How a stream of pickles is read: where it begins in its content, and who is shown its persistent ids. */
export interface StreamOptions {
  readonly base?: number;
  readonly resolve?: ((id: PickleValue) => PickleValue | undefined) | undefined;
}

/** How content of any kind is looked into. */
export type LookInto = (
  source: ByteSource,
  path: string,
  depth: number,
  look: Look,
  options?: StreamOptions,
) => Promise<void>;

/** An empty survey of a file of so many bytes. */
export function createLook(context: Context, fileBytes: number, lookInto: LookInto): Look {
  const { limits } = context;
  const found: PickleReport[] = [];
  const programs: string[] = [];
  const unseen: Unseen[] = [];
  const notes: Survey['notes'][number][] = [];
  let error: Survey['error'];
  // Archives of themselves, and strings in strings, may add up to more than the file.
  let left = fileBytes * limits.expansionRatio + limits.expandedBytes;
  let visits = limits.entries;

  const look: Look = {
    context,
    add: (reports) => {
      for (const report of reports) found.push(report);
    },
    program: (path) => void programs.push(path),
    unseen: (path, code, reason) => void unseen.push({ path, code, reason }),
    note: (path, code, message, offset) =>
      void notes.push({ path, code, message, ...(offset === undefined ? {} : { offset }) }),
    refuse(path, refused) {
      error ??= { ...errorOf(refused), ...(path === '' ? {} : { path }) };
    },
    async into(source, path, depth, options) {
      context.signal.throwIfAborted();
      if (depth > NESTING) {
        look.unseen(path, 'nested-too-deep', `It is nested deeper than ${NESTING} levels.`);
        return;
      }
      if (--visits < 0) {
        look.unseen(path, 'too-large', `The file has more than ${limits.entries} parts (limit entries).`);
        return;
      }
      try {
        await lookInto(source, path, depth, look, options);
      } catch (caught) {
        if (!isTorshError(caught) || caught.code === 'io') throw caught;
        look.unseen(path, 'unreadable', caught.message);
      }
    },
    async load(source, path) {
      if (source.size > Math.min(left, limits.pickleBytes)) {
        const message = `It has ${source.size} bytes, more than is read into memory (limits pickleBytes, expandedBytes).`;
        look.unseen(path, 'too-large', message);
        return undefined;
      }
      left -= source.size;
      return (await source.read(0, source.size, context)).slice();
    },
    done() {
      const partial = unseen.length > 0 || found.some(({ status }) => status === 'partial');
      const status = error !== undefined ? 'error' : partial ? 'partial' : 'complete';
      return { status, ...(error === undefined ? {} : { error }), found, programs, unseen, notes };
    },
  };
  return look;
}

/** An error as data; `base` is where the bytes begin in which it was found. */
export function errorOf({ code, message, offset }: TorshError, base = 0): SurveyError {
  return { code, message, ...(offset === undefined ? {} : { offset: offset + base }) };
}
