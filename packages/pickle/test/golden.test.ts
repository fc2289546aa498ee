import { readdirSync, readFileSync } from 'node:fs';
import { defaultLimits } from '@torsh/bytes';
import { assemble, disassemble, interpret, type Json, toJson } from '@torsh/pickle';
import { describe, expect, test } from 'vitest';

const folder = new URL('../../../fixtures/pickle/', import.meta.url);
const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<string, Json>;
const read = (bytes: Uint8Array): Json =>
  JSON.parse(JSON.stringify(toJson(interpret(bytes, defaultLimits).value)));

describe('pickles that Python wrote, and what they mean', () => {
  test.each(Object.entries(expected))('%s', (name, meaning) => {
    const bytes = new Uint8Array(readFileSync(new URL(name, folder)));
    expect(read(bytes)).toEqual(meaning);
    expect(interpret(bytes, defaultLimits)).toMatchObject({ end: bytes.length, notes: [] });
    const last = [...disassemble(bytes, defaultLimits)].at(-1);
    expect(last).toEqual({ code: 0x2e, name: 'STOP', offset: bytes.length - 1 });
    // Written again in the protocol that spells everything, it still means the same.
    expect(read(assemble(interpret(bytes, defaultLimits).value, { protocol: 5 }))).toEqual(newNames(meaning));
  });

  test('every file is listed', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.pkl'));
    expect(files.sort()).toEqual(Object.keys(expected).sort());
  });
});

function newNames(json: Json): Json {
  return JSON.parse(
    JSON.stringify(json)
      .replaceAll('["__builtin__","xrange"]', '["builtins","range"]')
      .replaceAll('"__builtin__"', '"builtins"')
      .replaceAll('"copy_reg"', '"copyreg"'),
  ) as Json;
}
