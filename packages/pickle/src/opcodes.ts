/** How the argument of an opcode is laid out behind its byte. */
export type ArgumentLayout =
  | 'none'
  | 'u8'
  | 'u16'
  | 'u32'
  | 'u64'
  | 'i32'
  | 'float'
  | 'long1'
  | 'long4'
  | 'bytes1'
  | 'bytes4'
  | 'bytes8'
  | 'bytearray8'
  | 'string1'
  | 'string4'
  | 'text1'
  | 'text4'
  | 'text8'
  | 'line-int'
  | 'line-long'
  | 'line-float'
  | 'line-string'
  | 'line-text'
  | 'line-index'
  | 'line-id'
  | 'line-global'
  | 'line-instance';

/** One kind of opcode: its byte, its name in Python's own documentation, the protocol that brought it. */
export interface OpcodeKind {
  readonly code: number;
  readonly name: string;
  readonly protocol: number;
  readonly argument: ArgumentLayout;
}

const rows: readonly (readonly [code: number, name: string, protocol: number, argument?: ArgumentLayout])[] =
  [
    [0x28, 'MARK', 0],
    [0x29, 'EMPTY_TUPLE', 1],
    [0x2e, 'STOP', 0],
    [0x30, 'POP', 0],
    [0x31, 'POP_MARK', 1],
    [0x32, 'DUP', 0],
    [0x42, 'BINBYTES', 3, 'bytes4'],
    [0x43, 'SHORT_BINBYTES', 3, 'bytes1'],
    [0x46, 'FLOAT', 0, 'line-float'],
    [0x47, 'BINFLOAT', 1, 'float'],
    [0x49, 'INT', 0, 'line-int'],
    [0x4a, 'BININT', 1, 'i32'],
    [0x4b, 'BININT1', 1, 'u8'],
    [0x4c, 'LONG', 0, 'line-long'],
    [0x4d, 'BININT2', 1, 'u16'],
    [0x4e, 'NONE', 0],
    [0x50, 'PERSID', 0, 'line-id'],
    [0x51, 'BINPERSID', 1],
    [0x52, 'REDUCE', 0],
    [0x53, 'STRING', 0, 'line-string'],
    [0x54, 'BINSTRING', 1, 'string4'],
    [0x55, 'SHORT_BINSTRING', 1, 'string1'],
    [0x56, 'UNICODE', 0, 'line-text'],
    [0x58, 'BINUNICODE', 1, 'text4'],
    [0x5d, 'EMPTY_LIST', 1],
    [0x61, 'APPEND', 0],
    [0x62, 'BUILD', 0],
    [0x63, 'GLOBAL', 0, 'line-global'],
    [0x64, 'DICT', 0],
    [0x65, 'APPENDS', 1],
    [0x67, 'GET', 0, 'line-index'],
    [0x68, 'BINGET', 1, 'u8'],
    [0x69, 'INST', 0, 'line-instance'],
    [0x6a, 'LONG_BINGET', 1, 'u32'],
    [0x6c, 'LIST', 0],
    [0x6f, 'OBJ', 1],
    [0x70, 'PUT', 0, 'line-index'],
    [0x71, 'BINPUT', 1, 'u8'],
    [0x72, 'LONG_BINPUT', 1, 'u32'],
    [0x73, 'SETITEM', 0],
    [0x74, 'TUPLE', 0],
    [0x75, 'SETITEMS', 1],
    [0x7d, 'EMPTY_DICT', 1],
    [0x80, 'PROTO', 2, 'u8'],
    [0x81, 'NEWOBJ', 2],
    [0x82, 'EXT1', 2, 'u8'],
    [0x83, 'EXT2', 2, 'u16'],
    [0x84, 'EXT4', 2, 'i32'],
    [0x85, 'TUPLE1', 2],
    [0x86, 'TUPLE2', 2],
    [0x87, 'TUPLE3', 2],
    [0x88, 'NEWTRUE', 2],
    [0x89, 'NEWFALSE', 2],
    [0x8a, 'LONG1', 2, 'long1'],
    [0x8b, 'LONG4', 2, 'long4'],
    [0x8c, 'SHORT_BINUNICODE', 4, 'text1'],
    [0x8d, 'BINUNICODE8', 4, 'text8'],
    [0x8e, 'BINBYTES8', 4, 'bytes8'],
    [0x8f, 'EMPTY_SET', 4],
    [0x90, 'ADDITEMS', 4],
    [0x91, 'FROZENSET', 4],
    [0x92, 'NEWOBJ_EX', 4],
    [0x93, 'STACK_GLOBAL', 4],
    [0x94, 'MEMOIZE', 4],
    [0x95, 'FRAME', 4, 'u64'],
    [0x96, 'BYTEARRAY8', 5, 'bytearray8'],
    [0x97, 'NEXT_BUFFER', 5],
    [0x98, 'READONLY_BUFFER', 5],
  ];

/** All opcodes of protocols 0 to 5, by their byte. */
export const opcodes: ReadonlyMap<number, OpcodeKind> = new Map(
  rows.map(([code, name, protocol, argument = 'none']) => [code, { code, name, protocol, argument }]),
);

/** How many bytes of each opcode's argument are a number of fixed size: the number itself, or the length of the rest. */
export const argumentWidths: Readonly<Uint8Array> = Uint8Array.from({ length: 256 }, (_, code) =>
  widthOf(opcodes.get(code)?.argument ?? 'none'),
);

function widthOf(argument: ArgumentLayout): number {
  switch (argument) {
    case 'u8':
    case 'long1':
    case 'bytes1':
    case 'string1':
    case 'text1':
      return 1;
    case 'u16':
      return 2;
    case 'u32':
    case 'i32':
    case 'long4':
    case 'bytes4':
    case 'string4':
    case 'text4':
      return 4;
    case 'u64':
    case 'float':
    case 'bytes8':
    case 'bytearray8':
    case 'text8':
      return 8;
    default:
      return 0;
  }
}

/** The newest protocol there is. */
export const HIGHEST_PROTOCOL = 5;
