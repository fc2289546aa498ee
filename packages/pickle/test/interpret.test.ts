import { defaultLimits, isTorshError, TorshError } from '@torsh/bytes';
import { interpret, type PickleValue, toJson } from '@torsh/pickle';
import { describe, expect, test } from 'vitest';
import { ascii, hex } from './support.ts';

const read = (bytes: Uint8Array) => JSON.parse(JSON.stringify(toJson(interpret(bytes, defaultLimits).value)));

describe('what opcodes mean', () => {
  const cases: readonly (readonly [title: string, bytes: string, meaning: unknown])[] = [
    ['None', "80 02 'N.'", null],
    ['a protocol is optional', "'N.'", null],
    ['a protocol may come again and late', "'N' 80 02 80 04 '.'", null],
    ['booleans', "80 02 '(' 88 89 't.'", { $tuple: [true, false] }],
    ['BININT', "'(J' 00 00 00 80 'J' ff ff ff 7f 't.'", { $tuple: [-2147483648, 2147483647] }],
    ['BININT1, BININT2', "'(K' ff 'M' ff ff 't.'", { $tuple: [255, 65535] }],
    ['LONG1 of no bytes', "8a 00 '.'", 0],
    ['LONG1 keeps the sign', "8a 01 ff '.'", -1],
    ['LONG1 beyond 32 bits', "8a 05 00 00 00 00 01 '.'", 4294967296],
    ['LONG1 at the edge', "8a 07 ff ff ff ff ff ff 1f '.'", 9007199254740991],
    ['LONG1 past the edge', "8a 07 00 00 00 00 00 00 20 '.'", { $int: '9007199254740992' }],
    ['LONG1 negative and big', "8a 08 00 00 00 00 00 00 00 80 '.'", { $int: '-9223372036854775808' }],
    ['LONG1 with the sign byte', "8a 09 ff ff ff ff ff ff ff ff 00 '.'", { $int: '18446744073709551615' }],
    ['LONG4', "8b 02 00 00 00 00 80 '.'", -32768],
    ['BINFLOAT is big-endian', "'G' 3f f8 00 00 00 00 00 00 '.'", 1.5],
    ['negative zero', "'G' 80 00 00 00 00 00 00 00 '.'", { $float: '-0.0' }],
    ['SHORT_BINSTRING that is UTF-8', "'U' 02 c3 a9 '.'", 'é'],
    ['SHORT_BINSTRING that is not', "'U' 01 e9 '.'", { $str8: '6Q==' }],
    ['BINSTRING', "'T' 01 00 00 00 'a' '.'", 'a'],
    ['BINUNICODE', "'X' 04 00 00 00 f0 9f 98 80 '.'", '😀'],
    ['a byte order mark stays', "'X' 03 00 00 00 ef bb bf '.'", '\ufeff'],
    ['lone surrogates are text', "'X' 04 00 00 00 'a' ed a0 80 '.'", { $str: [0x61, 0xd800] }],
    [
      'SHORT_BINUNICODE, BINUNICODE8',
      "'(' 8c 01 'a' 8d 01 00 00 00 00 00 00 00 'b' 't.'",
      { $tuple: ['a', 'b'] },
    ],
    [
      'bytes of all sizes',
      "'(C' 01 'a' 'B' 01 00 00 00 'b' 8e 01 00 00 00 00 00 00 00 'c' 't.'",
      { $tuple: [{ $bytes: 'YQ==' }, { $bytes: 'Yg==' }, { $bytes: 'Yw==' }] },
    ],
    ['BYTEARRAY8 and READONLY_BUFFER', "96 01 00 00 00 00 00 00 00 'a' 98 '.'", { $bytearray: 'YQ==' }],
    ['lists', "']' 'K' 01 'a' '(K' 02 'K' 03 'e.'", [1, 2, 3]],
    [
      'LIST and DICT from a mark',
      "'(' '(K' 01 'l' '(K' 01 'Nd' 't.'",
      { $tuple: [[1], { $dict: [[1, null]] }] },
    ],
    [
      'tuples',
      "'()' 'N' 85 'NN' 86 'NNN' 87 't.'",
      { $tuple: [{ $tuple: [] }, ...[1, 2, 3].map((n) => ({ $tuple: new Array(n).fill(null) }))] },
    ],
    ['APPENDS of nothing needs no list', "'N(e.'", null],
    ['SETITEMS of nothing needs no dict', "'N(u.'", null],
    [
      'equal keys: the first key and place, the last value',
      "'}(K' 01 'K' 0a 'N' 'K' 0b 88 'K' 0c 'u.'",
      {
        $dict: [
          [1, 12],
          [null, 11],
        ],
      },
    ],
    [
      '1, 1.0 and True are one key',
      "'}(K' 01 'N' 'G' 3f f0 00 00 00 00 00 00 'K' 05 'u.'",
      { $dict: [[1, 5]] },
    ],
    [
      'tuples are equal by their items',
      "'}(' 'K' 01 85 'N' 88 85 'K' 05 'u.'",
      { $dict: [[{ $tuple: [1] }, 5]] },
    ],
    [
      'text and bytes are different keys',
      "'}(' 8c 01 'a' 'K' 01 'C' 01 'a' 'K' 02 'u.'",
      {
        $dict: [
          ['a', 1],
          [{ $bytes: 'YQ==' }, 2],
        ],
      },
    ],
    ['__proto__ is a key', "'}' 8c 09 '__proto__' 'K' 01 's.'", { $dict: [['__proto__', 1]] }],
    ['constructor is a plain key', "'}' 8c 0b 'constructor' 'K' 01 's.'", { constructor: 1 }],
    ['sets', "8f '(K' 01 88 'K' 02 90 '.'", { $set: [1, 2] }],
    ['frozensets', "'(K' 01 88 91 '.'", { $frozenset: [1] }],
    ['a list item may be set', "'](K' 01 'K' 02 'e' 'J' ff ff ff ff 'K' 09 's.'", [1, 9]],
    ['POP takes a value', "'NK' 01 '0.'", null],
    ['POP takes a mark', "'N(0.'", null],
    ['POP_MARK', "'N(NNN1.'", null],
    ['DUP', "']2' 'K' 01 'a' 86 '.'", { $tuple: [{ $def: [0, [1]] }, { $ref: 0 }] }],
    ['the memo', "']q' 00 'h' 00 86 '.'", { $tuple: [{ $def: [0, []] }, { $ref: 0 }] }],
    ['sparse memo indexes', "'Nr' ff ff ff ff '0j' ff ff ff ff '.'", null],
    ['memo slots may be overwritten', "'K' 01 'q' 00 'K' 02 'q' 00 '0h' 00 '.'", 2],
    ['MEMOIZE counts entries, so it may overwrite', "'K' 01 'q' 01 'K' 02 94 'h' 01 '.'", 2],
    ['a list in itself', "']q' 00 'h' 00 'a.'", { $def: [0, [{ $ref: 0 }]] }],
    ['STOP ignores what is left on the stack', "'NK' 01 '.'", 1],
    [
      'REDUCE',
      "'cm' 0a 'f' 0a ')R.'",
      { $object: { how: 'reduce', callee: { $global: ['m', 'f'] }, args: { $tuple: [] } } },
    ],
    [
      'BUILD',
      "'cm' 0a 'f' 0a ')' 81 'K' 05 'b.'",
      { $object: { how: 'newobj', callee: { $global: ['m', 'f'] }, args: { $tuple: [] }, states: [5] } },
    ],
    [
      'NEWOBJ_EX',
      "'cm' 0a 'f' 0a ')}' 92 '.'",
      { $object: { how: 'newobj_ex', callee: { $global: ['m', 'f'] }, args: { $tuple: [] }, kwargs: {} } },
    ],
    [
      'INST',
      "'(K' 01 'im' 0a 'C' 0a '.'",
      { $object: { how: 'inst', callee: { $global: ['m', 'C'] }, args: { $tuple: [1] } } },
    ],
    [
      'OBJ',
      "'(cm' 0a 'C' 0a 'K' 01 'o.'",
      { $object: { how: 'obj', callee: { $global: ['m', 'C'] }, args: { $tuple: [1] } } },
    ],
    [
      'items and entries of objects',
      "'cm' 0a 'f' 0a ')R' 'K' 01 'a' 'NK' 02 's.'",
      {
        $object: {
          how: 'reduce',
          callee: { $global: ['m', 'f'] },
          args: { $tuple: [] },
          items: [1],
          entries: [[null, 2]],
        },
      },
    ],
    ['BUILD on a function', "'cm' 0a 'f' 0a '}b.'", { $global: ['m', 'f'], states: [{}] }],
    ['persistent ids', "'(' 'Pkey' 0a 'K' 01 'Q' 't.'", { $tuple: [{ $pid: 'key' }, { $pid: 1 }] }],
    [
      'extension codes',
      "'(' 82 01 83 02 00 84 00 00 01 00 't.'",
      { $tuple: [{ $ext: 1 }, { $ext: 2 }, { $ext: 65536 }] },
    ],
    ['frames are hints', "80 04 95 02 00 00 00 00 00 00 00 'N.'", null],
  ];
  test.each(cases)('%s', (_, bytes, meaning) => {
    expect(read(hex(bytes))).toEqual(meaning);
  });
});

describe('what text opcodes mean, as CPython 3.11 reads them', () => {
  test.each([
    ['I00', false],
    ['I01', true],
    ['I1', 1],
    ['I-1', -1],
    ['I010', 8],
    ['I-010', -8],
    ['I1_0', 10],
    ['I 1', true],
    ['I+1', true],
    ['I1 ', 1],
    ['I5\r', 5],
    ['I0x10', 16],
    ['I0o17', 15],
    ['I0b11', 3],
    ['I0_0', 0],
    ['I-01', -1],
    ['I1\x002', 1],
    ['I99999999999999999999', { $int: '99999999999999999999' }],
    ['L5L', 5],
    ['L5', 5],
    ['L0x10L', 16],
    ['L-0L', 0],
    ['L00L', 0],
    ['L5_0', 50],
    ['L 5 ', 5],
    ['F.5', 0.5],
    ['F5.', { $float: '5.0' }],
    ['F1e-999', { $float: '0.0' }],
    ['Finfinity', { $float: 'inf' }],
    ['F-INF', { $float: '-inf' }],
    ['F+nan', { $float: 'nan' }],
    ['F1e+5', { $float: '100000.0' }],
    ["S'a\\'b'", "a'b"],
    ['S"a"', 'a'],
    ["S''", ''],
    ["S'\\q\\n\\x41\\101\\7'", '\\q\nAA\x07'],
    ["S'\\xff'", { $str8: '/w==' }],
    ['V', ''],
    ['Vab\\', 'ab\\'],
    ['Va\\\\u0041', 'a\\\\u0041'],
    ['V\\u0041\\U0001f600\xe9', 'A😀é'],
    ['V\\ud800', { $str: [0xd800] }],
  ])('%j', (line, meaning) => {
    expect(read(ascii(`${line}\n.`))).toEqual(meaning);
  });

  test.each([
    'I',
    'I09',
    'I00_1',
    'I1x',
    'I099999999999999999999',
    'L',
    'LL',
    'L5LL',
    'L010L',
    'F',
    'F1_0',
    'F 1',
    'F1e999',
    'F1e5\r',
    'F0x10',
    'F1e',
    "S'\\x4'",
    "S'a\\'",
    "S'a",
    'Sa',
    'S"a\'',
    "S'",
    'Va\\u12',
    'V\\U00110000',
    'Np',
    'Np1_',
    'Np-1',
    'g0',
    'P\xe9',
    'c\nf',
    'cm\n',
    '(im\n',
  ])('%j is refused', (line) => {
    expect(() => interpret(ascii(`${line}\n.`), defaultLimits)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/malformed|truncated/) }),
    );
  });
});

describe('what is refused, and where', () => {
  const cases: readonly (readonly [title: string, bytes: string, code: string, offset: number])[] = [
    ['no bytes at all', '', 'truncated', 0],
    ['no STOP', "80 02 'N'", 'truncated', 3],
    ['an argument that is cut off', "'NJ' 00 00", 'truncated', 1],
    ['a text that is cut off', "'X' 05 00 00 00 'abc'", 'truncated', 0],
    ['a line without an end', "'NI12'", 'truncated', 1],
    ['BINBYTES8 of 2^63 bytes', "8e ff ff ff ff ff ff ff 7f '.'", 'truncated', 0],
    ['LONG4 of 2 GiB', "80 02 8b ff ff ff 7f '.'", 'truncated', 2],
    ['LONG4 of negative length', "8b ff ff ff ff '.'", 'malformed', 0],
    ['BINSTRING of negative length', "'T' ff ff ff ff '.'", 'malformed', 0],
    ['a frame past the end', "80 04 95 09 00 00 00 00 00 00 00 'N.'", 'truncated', 2],
    ['a byte that is no opcode', "'N' ff '.'", 'malformed', 1],
    ['a protocol from the future', "80 06 'N.'", 'unsupported', 0],
    ['STOP on an empty stack', "'.'", 'malformed', 0],
    ['STOP on a mark', "'N(.'", 'malformed', 2],
    ['a pop past a mark', "'N(K' 01 86 '.'", 'malformed', 4],
    ['no mark', "'Nt.'", 'malformed', 1],
    ['SETITEMS with a key too many', "'}(Nu.'", 'malformed', 3],
    ['DICT with a key too many', "'(Nd.'", 'malformed', 2],
    ['a memo slot that is empty', "'h' 00 '.'", 'malformed', 0],
    ['PUT on a mark', "'N(q' 00 '.'", 'malformed', 2],
    ['text that is not UTF-8', "'X' 01 00 00 00 ff '.'", 'malformed', 0],
    ['an encoded surrogate that is cut off', "'X' 02 00 00 00 ed a0 '.'", 'malformed', 0],
    ['STACK_GLOBAL of a number', "'K' 01 'K' 02 93 '.'", 'malformed', 4],
    ['the extension code 0', "82 00 '.'", 'malformed', 0],
    ['a negative extension code', "84 ff ff ff ff '.'", 'malformed', 0],
    ['a buffer from outside', "80 05 97 '.'", 'unsupported', 2],
    ['a list as a key', "'}]Ns.'", 'malformed', 3],
    ['a list in a tuple as a key', "'}]' 85 'Ns.'", 'malformed', 4],
    ['a list in a set', "8f '(]' 90 '.'", 'malformed', 3],
    ['APPEND to a tuple', "')Na.'", 'malformed', 2],
    ['APPEND to a number', "'K' 01 'Na.'", 'malformed', 3],
    ['SETITEM of a tuple', "')NNs.'", 'malformed', 3],
    ['SETITEM of a list item that is not there', "']K' 00 'Ns.'", 'malformed', 4],
    ['ADDITEMS to a list', "'](N' 90 '.'", 'malformed', 3],
    ['BUILD on a list', "']}b.'", 'malformed', 2],
    ['APPEND to a persistent object', "'Pa' 0a 'Na.'", 'unsupported', 4],
  ];
  test.each(cases)('%s', (_, bytes, code, offset) => {
    const pickle = hex(bytes);
    let caught: unknown;
    try {
      interpret(pickle, defaultLimits);
    } catch (error) {
      caught = error;
    }
    expect(isTorshError(caught) && [caught.code, caught.offset]).toEqual([code, offset]);
  });
});

test('offsets are those of the file, and the end is the byte after STOP', () => {
  const file = hex("00 00 00 80 02 'cm' 0a 'f' 0a '.' 'N.'");
  const pickle = interpret(file, defaultLimits, { offset: 3 });
  expect(pickle).toMatchObject({
    end: 11,
    protocol: 2,
    globals: [{ module: 'm', name: 'f', offset: 5, opcode: 'GLOBAL' }],
  });
  expect(interpret(file, defaultLimits, { offset: pickle.end }).value).toBe(null);
  expect(() => interpret(file, defaultLimits)).toThrow(expect.objectContaining({ offset: 0 }));
});

test('every import is recorded, whatever becomes of it', () => {
  const bytes = hex("80 04 'ca' 0a 'b' 0a '0' 8c 01 'm' 8c 01 'n' 93 '0' '(ix' 0a 'y' 0a '0' 82 07 '0' 'N.'");
  expect(interpret(bytes, defaultLimits).globals).toEqual([
    { module: 'a', name: 'b', offset: 2, opcode: 'GLOBAL' },
    { module: 'm', name: 'n', offset: 14, opcode: 'STACK_GLOBAL' },
    { module: 'x', name: 'y', offset: 17, opcode: 'INST' },
    { offset: 23, opcode: 'EXT1', dynamic: true },
  ]);
});

test('a name that a call gives is dynamic, and its operands are kept', () => {
  const bytes = hex("80 04 'cm' 0a 'f' 0a ')R' 8c 01 'n' 93 '.'");
  const { value, globals } = interpret(bytes, defaultLimits);
  expect(globals[1]).toEqual({ name: 'n', offset: 12, opcode: 'STACK_GLOBAL', dynamic: true });
  expect(value).toMatchObject({ kind: 'global', module: '', name: '', operands: [{ kind: 'object' }, 'n'] });
});

test('the same name twice is the same value', () => {
  const { value } = interpret(hex("'cm' 0a 'f' 0a 'cm' 0a 'f' 0a 86 '.'"), defaultLimits);
  const [first, second] = (value as { items: unknown[] }).items;
  expect(first).toBe(second);
});

test('byte values are plain windows, whatever subclass was lent', () => {
  const { value } = interpret(Buffer.from('C\x02ab.', 'latin1'), defaultLimits);
  expect((value as object).constructor).toBe(Uint8Array);
});

test('notes say what no honest writer does', () => {
  const codes = (text: string) =>
    interpret(hex(text), defaultLimits).notes.map((note) => [note.code, note.offset]);
  expect(codes("80 02 80 02 'N.'")).toEqual([['protocol-repeated', 2]]);
  expect(codes("'N' 80 02 '.'")).toEqual([['protocol-late', 1]]);
  expect(codes("'I0x10' 0a '.'")).toEqual([['int-text', 0]]);
  expect(codes("'cm' 0d 0a 'f' 0d 0a '.'")).toEqual([['carriage-return', 0]]);
  expect(codes("80 04 95 01 00 00 00 00 00 00 00 'K' 01 '.'")).toEqual([['frame-crossed', 11]]);
  expect(codes("80 04 95 0c 00 00 00 00 00 00 00 95 01 00 00 00 00 00 00 00 'N' 'N.'")).toEqual([
    ['frame-nested', 11],
  ]);
  expect(codes("80 04 95 02 00 00 00 00 00 00 00 'N.'")).toEqual([]);
});

test('empty lists are one list, and what is put into one value is seen in no other', () => {
  const call = "'cm' 0a 'f' 0a ')R'";
  const { value } = interpret(
    hex(`'(' ${call} ${call} 'K' 01 'a' 'K' 02 'K' 03 's' 'K' 04 'b}}K' 05 'K' 06 's' 't.'`),
    defaultLimits,
  );
  const [bare, filled, none, one] = (value as unknown as { items: Record<string, unknown[]>[] }).items;
  expect(bare).toMatchObject({ states: [], items: [], keys: [], values: [] });
  expect(filled).toMatchObject({ states: [4], items: [1], keys: [2], values: [3] });
  expect(none).toEqual({ kind: 'dict', keys: [], values: [] });
  expect(one).toEqual({ kind: 'dict', keys: [5], values: [6] });
  expect(bare!.states).toBe(none!.keys);
  expect(() => bare!.states!.push(1)).toThrow(TypeError);
});

test.each([
  ['BINPERSID', [0x4b, 7, 0x51, 0x4b, 8, 0x51, 0x86, 0x2e], [7, 8]],
  ['PERSID', [0x50, 0x37, 0x0a, 0x50, 0x38, 0x0a, 0x86, 0x2e], ['7', '8']],
] as const)('lets the format say what the id of %s stands for', (_, bytes, ids) => {
  const asked: PickleValue[] = [];
  const resolve = (id: PickleValue) => {
    asked.push(id);
    return asked.length === 1 ? null : undefined;
  };
  const { value } = interpret(Uint8Array.from(bytes), defaultLimits, { resolve });
  expect(asked).toEqual(ids);
  expect(value).toEqual({ kind: 'tuple', items: [null, { kind: 'persistent', id: ids[1] }] });
});

test('tells what means persistent ids where they stand, and errors of it where they happened', () => {
  const bytes = Uint8Array.of(0x80, 2, 0x4b, 7, 0x51, 0x30, 0x4b, 8, 0x51, 0x2e);
  const places: unknown[] = [];
  interpret(bytes, defaultLimits, { resolve: (id, offset) => void places.push([id, offset]) });
  expect(places).toEqual([
    [7, 4],
    [8, 8],
  ]);
  const resolve = (): never => {
    throw new TorshError('malformed', 'no such thing');
  };
  expect(() => interpret(bytes, defaultLimits, { resolve })).toThrow(expect.objectContaining({ offset: 4 }));
});
