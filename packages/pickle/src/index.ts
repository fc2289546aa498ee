export type { AssembleOptions } from './assemble.ts';
export { assemble } from './assemble.ts';
export type { DisassembleOptions, Opcode, OpcodeArgument } from './disassemble.ts';
export { disassemble } from './disassemble.ts';
export type { Entries } from './entries.ts';
export type { FromJsonOptions } from './from-json.ts';
export { fromJson } from './from-json.ts';
export type { InterpretOptions, Pickle } from './interpret.ts';
export { interpret } from './interpret.ts';
export type { Json } from './json.ts';
export type { Built } from './machine.ts';
export { importedName, newName, oldName } from './names.ts';
export type { ArgumentLayout, OpcodeKind } from './opcodes.ts';
export { HIGHEST_PROTOCOL, opcodes } from './opcodes.ts';
export type { OrderedDict } from './python.ts';
export {
  asByteArray,
  asBytes,
  asComplex,
  asOrderedDict,
  asPlain,
  asSet,
  dictEntries,
  isGlobal,
  isKind,
  textEntries,
} from './python.ts';
export type { PickleScan, ScanOptions } from './scan.ts';
export { scan } from './scan.ts';
export type { ToJsonOptions } from './to-json.ts';
export { toJson } from './to-json.ts';
export type { GlobalUse, NoteCode, PickleNote } from './trace.ts';
export type {
  PickleValue,
  PyByteArray,
  PyBytes8,
  PyDict,
  PyExtension,
  PyFloat,
  PyFrozenSet,
  PyGlobal,
  PyList,
  PyObject,
  PyPersistent,
  PySet,
  PyTuple,
} from './value.ts';
