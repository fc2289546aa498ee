import { defaultLimits, withLimits } from '@torsh/bytes';
import {
  assemble,
  disassemble,
  fromJson,
  interpret,
  type Json,
  type PickleValue,
  scan,
  toJson,
} from '@torsh/pickle';
import { describe, expect, test } from 'vitest';
import { ascii, hex } from './support.ts';

const limit = expect.objectContaining({ code: 'limit' });
const repeat = (text: string, count: number) => text.repeat(count);

describe('bombs are read in little time and memory, or refused', () => {
  test('a sparse memo index allocates nothing', () => {
    expect(interpret(hex("']r' ff ff ff ff '.'"), defaultLimits).value).toEqual({ kind: 'list', items: [] });
  });

  test('a tuple of tuples of tuples: 2^200 elements from 400 bytes', () => {
    const bytes = ascii(`(tq\0${repeat('h\0h\0\x86q\0', 200)}.`);
    const { value } = interpret(bytes, defaultLimits);
    const json = JSON.stringify(toJson(value));
    expect(json.length).toBeLessThan(10_000);
    expect(interpret(assemble(value), defaultLimits).end).toBeLessThan(5_000);
    expect(JSON.stringify(toJson(fromJson(JSON.parse(json) as Json)))).toBe(json);
  });

  test('the same as a key, and inside of a frozenset', () => {
    const nested = `(K\x01tq\0${repeat('0h\0h\0\x86q\0', 200)}`;
    expect(toJson(interpret(ascii(`}${nested}Ns${nested}Ns.`), defaultLimits).value)).toHaveProperty(
      ['$dict', 'length'],
      1,
    );
    expect(toJson(interpret(ascii(`(${nested}\x91.`), defaultLimits).value)).toHaveProperty(
      ['$frozenset', 'length'],
      1,
    );
  });

  test('a list nested 100,000 deep is read and written without recursion, but not as JSON', () => {
    const { value } = interpret(ascii(`${repeat(']', 100_000)}${repeat('a', 99_999)}.`), defaultLimits);
    expect(() => toJson(value)).toThrow(limit);
    expect(assemble(value).length).toBeGreaterThan(200_000);
  });

  test('JSON of legal depth overflows nothing', () => {
    let value: PickleValue = { kind: 'list', items: [] };
    for (let depth = 0; depth < 990; depth++) {
      value = {
        kind: 'object',
        how: 'reduce',
        callee: null,
        args: value,
        states: [],
        items: [],
        keys: [],
        values: [],
      };
    }
    expect(JSON.stringify(toJson(fromJson(toJson(value))))).toBe(JSON.stringify(toJson(value)));
    expect(() => toJson(value, { limits: withLimits({ depth: 100 }) })).toThrow(limit);
  });

  test('a key nested 100,000 deep', () => {
    expect(interpret(ascii(`})${repeat('\x85', 100_000)}Ns.`), defaultLimits).value).toMatchObject({
      kind: 'dict',
    });
  });

  test('marks without an end', () => {
    expect(() => interpret(ascii(repeat('(', 100)), withLimits({ pickleStack: 10 }))).toThrow(limit);
  });

  test('DUP without an end', () => {
    expect(() => interpret(ascii(`N${repeat('2', 100)}.`), withLimits({ pickleStack: 10 }))).toThrow(limit);
  });

  test('containers without an end', () => {
    expect(() => interpret(ascii(`]${repeat(']a', 100)}.`), withLimits({ pickleObjects: 10 }))).toThrow(
      limit,
    );
  });

  test('opcodes without an end', () => {
    expect(() => interpret(ascii(`${repeat('N0', 100)}N.`), withLimits({ pickleSteps: 10 }))).toThrow(limit);
    expect(() => [...disassemble(ascii(`${repeat('N0', 100)}N.`), withLimits({ pickleSteps: 10 }))]).toThrow(
      limit,
    );
  });

  test('a pickle longer than is read', () => {
    expect(() => interpret(ascii(`X\x10\0\0\0${repeat('a', 16)}.`), withLimits({ pickleBytes: 10 }))).toThrow(
      limit,
    );
    expect(interpret(ascii('N.aaaaaaaaaaaaaaaaa'), withLimits({ pickleBytes: 10 })).end).toBe(2);
  });

  test('very long numbers', () => {
    expect(() => interpret(ascii(`L1${repeat('0', 10_000)}L\n.`), defaultLimits)).toThrow(
      expect.objectContaining({ code: 'malformed' }),
    );
    const { value } = interpret(ascii(`\x8b\x40\x42\x0f\0${repeat('\xff', 999_999)}\x7f.`), defaultLimits);
    expect(JSON.stringify(toJson(value))).toMatch(/^\{"\$int":"0x7fff/);
    expect(fromJson(toJson(value))).toBe(value);
  });

  test('a pickle longer than is written', () => {
    const value: PickleValue = { kind: 'list', items: new Array(1000).fill(1) };
    expect(() => assemble(value, { limits: withLimits({ pickleBytes: 100 }) })).toThrow(limit);
  });

  test('a value that is nothing but itself', () => {
    const items: PickleValue[] = [];
    const tuple: PickleValue = { kind: 'tuple', items };
    items.push(tuple);
    expect(() => assemble(tuple)).toThrow(expect.objectContaining({ code: 'unsupported' }));
    const set: PickleValue = { kind: 'set', items: [] };
    set.items.push(set);
    expect(() => assemble(set)).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });

  test('many pickles, and junk that looks like many', () => {
    expect(scan(ascii(repeat('N.', 1000)), withLimits({ entries: 10 }))).toMatchObject({
      status: 'partial',
      error: { code: 'limit' },
    });
    const started = performance.now();
    expect(scan(ascii(`N.${repeat('\x80\x02X', 200_000)}`), defaultLimits).status).toBe('partial');
    expect(scan(ascii(`N.${repeat(`\x80\x02${repeat('N0', 2000)}`, 500)}`), defaultLimits).status).toBe(
      'partial',
    );
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
