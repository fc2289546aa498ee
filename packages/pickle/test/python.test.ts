import { defaultLimits } from '@torsh/bytes';
import {
  asByteArray,
  asBytes,
  asComplex,
  asOrderedDict,
  asPlain,
  asSet,
  dictEntries,
  interpret,
  isGlobal,
  newName,
  oldName,
  textEntries,
  toJson,
} from '@torsh/pickle';
import { expect, test } from 'vitest';
import { ascii } from './support.ts';

const read = (text: string) => interpret(ascii(text), defaultLimits).value;

test('bytes of protocol 2', () => {
  expect(asBytes(read('\x80\x02c_codecs\nencode\nX\x03\0\0\0a\xc3\xbfX\x06\0\0\0latin1\x86R.'))).toEqual(
    Uint8Array.of(0x61, 0xff),
  );
  expect(asBytes(read('\x80\x02c__builtin__\nbytes\n)R.'))).toEqual(new Uint8Array(0));
  expect(asBytes(read('C\x01a.'))).toEqual(Uint8Array.of(0x61));
});

test('what only looks like bytes stays a call', () => {
  expect(asBytes(read('c_codecs\nencode\nX\x01\0\0\0aX\x03\0\0\0hex\x86R.'))).toBeUndefined();
  expect(asBytes(read('c_codecs\nencode\nX\x02\0\0\0\xc4\x80X\x06\0\0\0latin1\x86R.'))).toBeUndefined();
  expect(asBytes(read('cevil\nencode\nX\x01\0\0\0aX\x06\0\0\0latin1\x86R.'))).toBeUndefined();
  expect(asBytes(read('c__builtin__\nbytes\n)R}b.'))).toBeUndefined();
  expect(asBytes(read('c__builtin__\nbytes\n)\x81.'))).toBeUndefined();
  expect(asBytes('text')).toBeUndefined();
});

test('bytearray in three spellings', () => {
  expect(asByteArray(read('c__builtin__\nbytearray\n)R.'))).toEqual({
    kind: 'bytearray',
    bytes: new Uint8Array(0),
  });
  expect(asByteArray(read('cbuiltins\nbytearray\nC\x01a\x85R.'))).toEqual({
    kind: 'bytearray',
    bytes: Uint8Array.of(0x61),
  });
  expect(asByteArray(read('c__builtin__\nbytearray\nX\x01\0\0\0aX\x07\0\0\0latin-1\x86R.'))).toEqual({
    kind: 'bytearray',
    bytes: Uint8Array.of(0x61),
  });
});

test('sets', () => {
  expect(asSet(read('c__builtin__\nset\n](K\x01K\x02e\x85R.'))).toEqual({ kind: 'set', items: [1, 2] });
  expect(asPlain(read('cbuiltins\nfrozenset\n]\x85R.'))).toEqual({ kind: 'frozenset', items: [] });
});

test('complex', () => {
  const value = read('c__builtin__\ncomplex\nG\x3f\xf0\0\0\0\0\0\0G\0\0\0\0\0\0\0\0\x86R.');
  expect(asComplex(value)).toEqual([
    { kind: 'float', value: 1 },
    { kind: 'float', value: 0 },
  ]);
  expect(toJson(value)).toEqual({ $complex: [{ $float: '1.0' }, { $float: '0.0' }] });
});

test('OrderedDict as Python 3 and as Python 2 write it', () => {
  const now = read('ccollections\nOrderedDict\n)R(X\x01\0\0\0aK\x01X\x01\0\0\0bK\x02u}b.');
  const then = read('ccollections\nOrderedDict\n]](U\x01aK\x01ea](U\x01bK\x02ea\x85R}b.');
  for (const value of [now, then]) {
    expect(asOrderedDict(value)).toMatchObject({ keys: ['a', 'b'], values: [1, 2], state: { kind: 'dict' } });
    expect(toJson(value)).toEqual({
      $odict: [
        ['a', 1],
        ['b', 2],
      ],
      state: {},
    });
    expect(textEntries(value)).toEqual(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    );
  }
  expect(asOrderedDict(read('ccollections\nOrderedDict\n)R}b}b.'))).toBeUndefined();
  expect(asOrderedDict(read('ccollections\nOrderedDict\nK\x01\x85R.'))).toBeUndefined();
});

test('entries of dicts', () => {
  expect(dictEntries(read('}K\x01Ns.'))).toMatchObject({ keys: [1], values: [null] });
  expect(textEntries(read('}K\x01Ns.'))).toBeUndefined();
  expect(dictEntries([] as never)).toBeUndefined();
});

test('old and new names are the same thing', () => {
  expect(isGlobal({ kind: 'global', module: '__builtin__', name: 'set' }, 'builtins', 'set')).toBe(true);
  expect(
    isGlobal({ kind: 'global', module: 'copy_reg', name: '_reconstructor' }, 'copyreg', '_reconstructor'),
  ).toBe(true);
  expect(isGlobal({ kind: 'global', module: 'other', name: 'set' }, 'builtins', 'set')).toBe(false);
  expect(newName('__builtin__', 'xrange')).toEqual(['builtins', 'range']);
  expect(newName('exceptions', 'ValueError')).toEqual(['builtins', 'ValueError']);
  expect(newName('commands', 'getoutput')).toEqual(['commands', 'getoutput']);
  expect(oldName('builtins', 'range')).toEqual(['__builtin__', 'xrange']);
  expect(oldName('builtins', 'KeyError')).toEqual(['exceptions', 'KeyError']);
  expect(oldName('builtins', 'set')).toEqual(['__builtin__', 'set']);
  expect(oldName('torch', 'FloatStorage')).toEqual(['torch', 'FloatStorage']);
});
