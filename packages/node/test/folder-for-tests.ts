import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isTorshError } from '@torsh/bytes';
import { afterEach, expect } from 'vitest';

/** Gives each test a folder of its own, and takes it away afterwards. */
export function folderForTests(): (name: string) => string {
  let folder: string | undefined;
  afterEach(() => {
    if (folder !== undefined) fs.rmSync(folder, { recursive: true, force: true });
    folder = undefined;
  });
  return (name) => {
    folder ??= fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'torsh-node-')));
    return path.join(folder, name);
  };
}

/** Bytes that differ from place to place, the same in every run. */
export function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let state = seed | 1;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** The promise must reject with a `TorshError` of this code. */
export async function refused(promise: Promise<unknown>, code: string, path?: string): Promise<Error> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  if (!isTorshError(error)) throw error;
  expect(error.code).toBe(code);
  if (path !== undefined) expect(error.path).toBe(path);
  return error;
}

/** Root may read and write everything, so permissions cannot be tested by it. */
export const isRoot: boolean = process.getuid?.() === 0;
