import { defaultLimits } from '@torsh/bytes';
import { disassemble, opcodes } from '@torsh/pickle';
import { expect, test } from 'vitest';
import { hex } from './support.ts';

const list = (bytes: Uint8Array, offset = 0) =>
  [...disassemble(bytes, defaultLimits, { offset })].map(({ offset: at, name, argument }) => [
    at,
    name,
    argument,
  ]);

test('opcodes, offsets and arguments of a state dict', () => {
  const bytes = hex(`
    80 02                                    # PROTO 2
    'ccollections' 0a 'OrderedDict' 0a 71 00 # GLOBAL, BINPUT 0
    29 52                                    # EMPTY_TUPLE, REDUCE
    58 01 00 00 00 'w'                       # BINUNICODE
    47 3f f0 00 00 00 00 00 00               # BINFLOAT 1.0
    8a 01 ff 4a ff ff ff ff                  # LONG1 -1, BININT -1
    43 01 ff 55 01 ff                        # SHORT_BINBYTES, SHORT_BINSTRING
    2e                                       # STOP
  `);
  expect(list(bytes)).toEqual([
    [0, 'PROTO', 2],
    [2, 'GLOBAL', ['collections', 'OrderedDict']],
    [27, 'BINPUT', 0],
    [29, 'EMPTY_TUPLE', undefined],
    [30, 'REDUCE', undefined],
    [31, 'BINUNICODE', 'w'],
    [37, 'BINFLOAT', 1],
    [46, 'LONG1', -1],
    [49, 'BININT', -1],
    [54, 'SHORT_BINBYTES', Uint8Array.of(0xff)],
    [57, 'SHORT_BINSTRING', Uint8Array.of(0xff)],
    [60, 'STOP', undefined],
  ]);
});

test('text opcodes, and a start inside of the file', () => {
  const bytes = hex("ff 'I01' 0a 'L5L' 0a 'F1.5' 0a \"\" 'Va' 0a 'g0' 0a '.' 'junk'");
  expect(list(bytes, 1)).toEqual([
    [1, 'INT', true],
    [5, 'LONG', 5],
    [9, 'FLOAT', 1.5],
    [14, 'UNICODE', 'a'],
    [17, 'GET', 0],
    [20, 'STOP', undefined],
  ]);
});

test('it is lazy: what comes before the damage is there', () => {
  const iterator = disassemble(hex("'N' ff"), defaultLimits);
  expect(iterator.next().value).toEqual({ code: 0x4e, name: 'NONE', offset: 0 });
  expect(() => iterator.next()).toThrow(expect.objectContaining({ code: 'malformed', offset: 1 }));
});

test.each([
  ["'NJ' 00", 'truncated', 1],
  ["'NX' 09 00 00 00 'a'", 'truncated', 1],
  ["'NI1'", 'truncated', 1],
  ["'N'", 'truncated', 1],
  ["'NT' ff ff ff ff", 'malformed', 1],
  ["'N' 8c 01 ff", 'malformed', 1],
  ["'NIx' 0a", 'malformed', 1],
  ['80 07', 'unsupported', 0],
])('%s', (bytes, code, offset) => {
  expect(() => list(hex(bytes))).toThrow(expect.objectContaining({ code, offset }));
});

test('all 68 opcodes of Python 3.13 are known', () => {
  expect(opcodes.size).toBe(68);
  expect(new Set([...opcodes.values()].map((kind) => kind.name)).size).toBe(68);
});
