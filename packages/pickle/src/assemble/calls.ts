import { isKind } from '../python.ts';
import type { PickleValue, PyGlobal, PyObject, PyPersistent, PyTuple } from '../value.ts';
import { saveEntries, saveItems, saveStates } from './fill.ts';
import { writeNameLines } from './names.ts';
import { ownText } from './text.ts';
import type { Writer } from './writer.ts';

/** The result of a call, with what was put into it. */
export function saveCall(writer: Writer, value: PyObject): void {
  const { out, agenda } = writer;
  writer.enter(value);
  const { callee, args, kwargs = null } = value;
  agenda.next(() => {
    if (writer.finish(value)) saveContents(writer, value);
  });
  switch (spelling(writer.protocol, value)) {
    case 'inst': {
      const { module, name } = callee as PyGlobal;
      out.u8(0x28);
      agenda.next(() => {
        out.u8(0x69);
        writeNameLines(writer, module, name);
      });
      agenda.nextOf((args as PyTuple).items);
      return;
    }
    case 'obj':
      out.u8(0x28);
      agenda.next(() => out.u8(0x6f));
      agenda.nextOf((args as PyTuple).items);
      agenda.next(callee);
      return;
    case 'newobj':
      agenda.next(callee, args, () => out.u8(0x81));
      return;
    case 'newobj_ex':
      agenda.next(callee, args, kwargs, () => out.u8(0x92));
      return;
    case 'copyreg': {
      // What Python's own classes do in protocols that have no opcode for it.
      const extended = value.how === 'newobj_ex';
      const items = extended ? [callee, args, kwargs] : [callee, ...(args as PyTuple).items];
      const name = extended ? '__newobj_ex__' : '__newobj__';
      agenda.next({ kind: 'global', module: 'copyreg', name }, { kind: 'tuple', items }, () => out.u8(0x52));
      return;
    }
    default:
      agenda.next(callee, args, () => out.u8(0x52));
      return;
  }
}

/** How a call is spelled in a protocol. */
function spelling(protocol: number, { how, callee, args }: PyObject): PyObject['how'] | 'copyreg' {
  const listed = isKind(args, 'tuple');
  switch (how) {
    case 'newobj_ex':
      return protocol >= 4 ? how : 'copyreg';
    case 'newobj':
      return protocol >= 2 || !listed ? how : 'copyreg';
    case 'inst':
    case 'obj': {
      if (!listed) return 'reduce';
      if (how === 'obj' && protocol >= 1) return how;
      return isPlainName(callee) ? 'inst' : 'obj';
    }
    default:
      return how;
  }
}

/** A name that INST can say: ASCII, without dots or anything put into it. */
function isPlainName(value: PickleValue): boolean {
  if (!isKind(value, 'global') || value.states !== undefined || value.operands !== undefined) return false;
  return /^[ -~]+$/.test(value.module) && /^[ -~]+$/.test(value.name) && !value.name.includes('.');
}

/** Items, entries and states, in the order in which Python puts them in. */
function saveContents(writer: Writer, value: PyObject): void {
  writer.agenda.next(() => saveStates(writer, value.states));
  if (value.keys.length > 0) writer.agenda.next(() => saveEntries(writer, value.keys, value.values, 'part'));
  saveItems(writer, value.items, 'part');
}

/** A persistent id: as a line of text in protocol 0, where it can be one. */
export function savePersistent(writer: Writer, value: PyPersistent): void {
  const { persistentId } = writer;
  const id = persistentId === undefined ? value.id : persistentId(value, ownText);
  if (writer.protocol === 0 && typeof id === 'string' && /^[\t -~]*$/.test(id)) {
    writer.out.latin1(`P${id}\n`);
    if (persistentId === undefined) writer.memo.put(value);
    return;
  }
  writer.enter(value);
  writer.agenda.next(id, () => {
    writer.out.u8(0x51);
    if (persistentId === undefined) writer.finish(value);
    else writer.leave(value);
  });
}
