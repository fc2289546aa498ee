import { TorshError } from '@torsh/bytes';
import { newName, oldName } from '../names.ts';
import type { PyGlobal, PyTuple } from '../value.ts';
import { saveStates } from './fill.ts';
import { saveText } from './text.ts';
import type { Writer } from './writer.ts';

/** A class or function. */
export function saveGlobal(writer: Writer, value: PyGlobal): void {
  if (value.states !== undefined || value.operands !== undefined) saveUnusual(writer, value);
  else saveName(writer, value.module, value.name);
}

/** A class or function that was given a state, or whose name only running the pickle would tell. */
function saveUnusual(writer: Writer, value: PyGlobal): void {
  if (writer.memo.fetch(value)) return;
  const { operands, states = [] } = value;
  if (operands === undefined) {
    writeName(writer, value.module, value.name);
    writer.memo.put(value);
    saveStates(writer, states);
    return;
  }
  writer.enter(value);
  writer.agenda.next(operands[0], operands[1], () => {
    writer.out.u8(0x93);
    writer.finish(value);
    saveStates(writer, states);
  });
}

function saveName(writer: Writer, module: string, name: string): void {
  const key = writer.memo.nameKey(module, name);
  if (writer.memo.fetch(key)) return;
  if (!writer.dottedNames && name.includes('.')) {
    saveDotted(writer, key, module, name);
    return;
  }
  writeName(writer, module, name);
  writer.memo.put(key);
}

/** A name inside a class: protocols before 4 have no dots, so it is fetched by `getattr`. */
function saveDotted(writer: Writer, key: object, module: string, name: string): void {
  if (name.split('.').length > writer.depth) {
    throw new TorshError('limit', 'A name has more parts than depth allows.');
  }
  const dot = name.lastIndexOf('.');
  const parent: PyGlobal = { kind: 'global', module, name: name.slice(0, dot) };
  const args: PyTuple = { kind: 'tuple', items: [parent, name.slice(dot + 1)] };
  writer.agenda.next({ kind: 'global', module: 'builtins', name: 'getattr' }, args, () => {
    writer.out.u8(0x52);
    writer.finish(key);
  });
}

function writeName(writer: Writer, module: string, name: string): void {
  if (writer.protocol >= 4) {
    const [nowModule, nowName] = newName(module, name);
    saveText(writer, nowModule);
    saveText(writer, nowName);
    writer.out.u8(0x93);
  } else {
    writer.out.u8(0x63);
    writeNameLines(writer, module, name);
  }
}

/** The two lines of GLOBAL and INST. */
export function writeNameLines(writer: Writer, module: string, name: string): void {
  if (module === '' || name === '' || /\n/.test(module) || /\n/.test(name)) {
    throw new TorshError('unsupported', 'A name that is empty or has a newline needs protocol 4.');
  }
  const [written, writtenName] = writer.protocol < 3 ? oldName(module, name) : newName(module, name);
  writer.out.bytes(new TextEncoder().encode(`${written}\n${writtenName}\n`));
}

/** A code of the extension registry. */
export function saveExtension({ out }: Writer, code: number): void {
  if (!Number.isInteger(code) || code < 1 || code > 0x7fffffff) {
    throw new TorshError('malformed', `The extension code ${code} is not a number from 1 to 2147483647.`);
  }
  if (code < 0x100) {
    out.u8(0x82);
    out.u8(code);
  } else if (code < 0x10000) {
    out.u8(0x83);
    out.u16(code);
  } else {
    out.u8(0x84);
    out.u32(code);
  }
}
