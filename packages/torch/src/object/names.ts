import { defaultLimits, type Limits, TorshError } from '@torsh/bytes';
import { wellFormed } from './well-formed.ts';

/** Gives each tensor a name of its own, made of the path that leads to it. */
export interface Names {
  /** The name for a path; a later comer to a name that is taken gets `~2`, `~3`, … behind it. */
  take(path: readonly string[]): string;
}

export function names({ nameBytes, headerBytes }: Limits = defaultLimits): Names {
  // safetensors keeps its metadata under this name, so no tensor can have it.
  const taken = new Set(['__metadata__']);
  const next = new Map<string, number>();
  let total = 0;
  return {
    take(path) {
      // Before they are joined: one key of a megabyte, in a thousand places, is a gigabyte of names.
      let length = path.length - 1;
      for (const part of path) length += part.length;
      if (length > nameBytes) {
        throw new TorshError(
          'limit',
          `A tensor has a name of more than ${nameBytes} bytes (limit nameBytes).`,
        );
      }
      // Names go into JSON, which has no lone surrogates, and to readers that stop at NUL; an empty one is none.
      const wanted = wellFormed(path.join('.')).replaceAll('\0', '_') || '_';
      let name = wanted;
      if (taken.has(wanted)) {
        for (let count = next.get(wanted) ?? 2; taken.has(name); count++) {
          name = `${wanted}~${count}`;
          next.set(wanted, count + 1);
        }
      }
      taken.add(name);
      total += name.length;
      if (total > headerBytes) {
        const message = `The names of the tensors take more than ${headerBytes} bytes together (limit headerBytes).`;
        throw new TorshError('limit', message);
      }
      return name;
    },
  };
}
