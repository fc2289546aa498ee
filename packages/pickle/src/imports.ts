import { decodeUtf8 } from '@torsh/bytes';
import { failure, opcodeName } from './failure.ts';
import { isAscii } from './lines.ts';
import type { Trace } from './trace.ts';
import type { PickleValue, PyGlobal } from './value.ts';

// The opcodes that name a class or a function. Each use is recorded, whatever becomes of it.

/** The class or function of GLOBAL and INST. */
export function named(
  moduleLine: Uint8Array,
  nameLine: Uint8Array,
  offset: number,
  code: number,
  trace: Trace,
  interned: Map<string, PyGlobal>,
): PyGlobal {
  const module = decodeUtf8(moduleLine);
  const name = decodeUtf8(nameLine);
  // INST takes ASCII only.
  const wrong = code === 0x69 && !(isAscii(moduleLine) && isAscii(nameLine));
  if (module === undefined || name === undefined || module === '' || name === '' || wrong) {
    throw failure('malformed', 'The pickle imports something without a proper name', offset);
  }
  return global(module, name, offset, code, trace, interned);
}

function global(
  module: string,
  name: string,
  offset: number,
  code: number,
  trace: Trace,
  interned: Map<string, PyGlobal>,
): PyGlobal {
  trace.globals.push({ module, name, offset, opcode: opcodeName(code) });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\s\u0000-\u001f]/.test(module) || /[\s\u0000-\u001f]/.test(name))
    trace.note('carriage-return', offset);
  // A newline cannot be in a module of GLOBAL; where STACK_GLOBAL has one, the length keeps two pairs apart.
  const key = `${module.length}\n${module}\n${name}`;
  const known = interned.get(key);
  if (known !== undefined) return known;
  const value: PyGlobal = { kind: 'global', module, name };
  interned.set(key, value);
  return value;
}

/** Names from the stack: text, or the unknown result of a call. Anything else is refused, as CPython refuses it. */
export function stackGlobal(
  module: PickleValue,
  name: PickleValue,
  offset: number,
  trace: Trace,
  interned: Map<string, PyGlobal>,
): PyGlobal {
  if (typeof module === 'string' && typeof name === 'string') {
    if (module === '') throw failure('malformed', 'The pickle imports from a module without a name', offset);
    return global(module, name, offset, 0x93, trace, interned);
  }
  if (!isNameable(module) || !isNameable(name)) {
    throw failure('malformed', 'The pickle imports something whose name is not text', offset);
  }
  trace.globals.push({
    ...(typeof module === 'string' ? { module } : {}),
    ...(typeof name === 'string' ? { name } : {}),
    offset,
    opcode: 'STACK_GLOBAL',
    dynamic: true,
  });
  return { kind: 'global', module: '', name: '', operands: [module, name] };
}

function isNameable(value: PickleValue): boolean {
  if (typeof value === 'string') return true;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  // A Python 2 string may be text in the reader's encoding; the others may be anything.
  return ['str8', 'object', 'persistent', 'extension', 'global'].includes(value.kind);
}

/** A class or function by its number in a registry that the file does not have. */
export function extension(code: number, offset: number, opcode: number, trace: Trace): PickleValue {
  if (code <= 0)
    throw failure('malformed', `The pickle uses the extension code ${code}; codes begin at 1`, offset);
  trace.globals.push({ offset, opcode: opcodeName(opcode), dynamic: true });
  return { kind: 'extension', code };
}
