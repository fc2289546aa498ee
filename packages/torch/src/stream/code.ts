import { fromBytes, portablePathFlaw } from '@torsh/bytes';
import type { Json, Resource } from '@torsh/core';
import { isKind, newName, type PickleValue } from '@torsh/pickle';
import { malformed } from '../object/errors.ts';
import type { Report } from '../object/report.ts';
import { wellFormed } from '../object/well-formed.ts';

/** A class of a module, with its source text as it was when the file was saved. */
export interface ClassCode {
  readonly module: string;
  readonly name: string;
  /** Where the source lay on the machine that saved the file. */
  readonly file: PickleValue;
  readonly text: PickleValue;
}

/** What becomes of the sources: files of the archive, and which class each is of. */
export interface KeptCode {
  readonly resources: readonly Resource[];
  /** `module.Class` → its source file on the machine that saved it, and its path among the resources. */
  readonly index: { readonly [className: string]: Json };
}

/** A class from the parts of a persistent id `(class, source file, source text)`; the class itself is what it stands for. */
export function classCode(parts: readonly PickleValue[]): ClassCode {
  const [cls, file = null, text = null] = parts;
  if (!isKind(cls, 'global'))
    throw malformed('A persistent id gives the source of something that is not a class.');
  return { module: cls.module, name: cls.name, file, text };
}

/** Keeps the sources as files. They were saved to be compared with other versions; nothing ever runs them. */
export function keepCode(codes: readonly ClassCode[], report: Report): KeptCode {
  const resources = new Map<string, Resource>();
  const index: { [className: string]: Json } = Object.create(null);
  for (const { module, name, file, text } of codes) {
    const full = wellFormed(newName(module, name).join('.'));
    const bytes = textBytes(text);
    if (bytes === undefined) {
      index[full] ??= { file: textOf(file) };
      continue;
    }
    const path = free(resources, pathOf(full));
    resources.set(path, { path, role: 'code', mediaType: 'text/x-python', data: fromBytes(bytes) });
    index[free(index, full)] = { file: textOf(file), resource: path };
    if (typeof text === 'string' && wellFormed(text) !== text) {
      report(
        'code-changed',
        `The source of ${full} has halves of characters, which are not kept.`,
        full,
        'loss',
      );
    }
  }
  if (resources.size > 0) {
    const message = `The file holds the source of ${resources.size} classes, as they were when it was saved: kept as files, never run.`;
    report('source-code', message, [...resources.keys()][0]);
  }
  return { resources: [...resources.values()], index };
}

function textBytes(text: PickleValue): Uint8Array | undefined {
  if (typeof text === 'string') return new TextEncoder().encode(text);
  return isKind(text, 'str8') ? text.bytes.slice() : undefined;
}

function textOf(value: PickleValue): string | null {
  return typeof value === 'string' ? wellFormed(value) : null;
}

/** `a.b.Net` lies in `a/b/Net.py`; what cannot be a path on every system is made one. */
function pathOf(full: string): string {
  const parts = full.split('.').map((part) => {
    const safe =
      part
        .normalize('NFC')
        .replace(/[^\p{L}\p{N}_-]/gu, '_')
        .slice(0, 100) || '_';
    return portablePathFlaw(safe) === undefined ? safe : `_${safe}`;
  });
  return `${parts.slice(-16).join('/')}.py`;
}

/** A path or name that is not taken yet. */
function free(taken: ReadonlyMap<string, unknown> | object, wanted: string): string {
  const has = (key: string) => (taken instanceof Map ? taken.has(key) : Object.hasOwn(taken, key));
  for (let count = 2, name = wanted; ; count++) {
    if (!has(name)) return name;
    name = wanted.endsWith('.py') ? `${wanted.slice(0, -3)}~${count}.py` : `${wanted}~${count}`;
  }
}
