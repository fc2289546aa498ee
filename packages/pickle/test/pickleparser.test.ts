import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { defaultLimits } from '@torsh/bytes';
import { assemble, interpret, type PickleValue, toJson } from '@torsh/pickle';
import fc from 'fast-check';
import { Parser } from 'pickleparser';
import { describe, expect, test } from 'vitest';
import { ascii } from './support.ts';

// Another reader of pickles in JavaScript, pickleparser 0.2.1. Where it is right, we agree; where it is not, the right
// answer is CPython's, and ours.

const other = (bytes: Uint8Array): unknown => new Parser().parse(bytes);
const ours = (bytes: Uint8Array): unknown =>
  JSON.parse(JSON.stringify(toJson(interpret(bytes, defaultLimits).value)));

const plain = fc.letrec<{ value: PickleValue; list: PickleValue; dict: PickleValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<PickleValue>(null, true, false),
    fc.integer(),
    fc
      .double({ noInteger: true, noDefaultInfinity: true, noNaN: true })
      .map((value): PickleValue => ({ kind: 'float', value })),
    fc.string({ unit: 'grapheme' }),
    tie('list'),
    tie('dict'),
  ),
  list: fc
    .array(tie('value'), { maxLength: 5 })
    .map((items): PickleValue => ({ kind: 'list', items: [...items] })),
  dict: fc
    .dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie('value'), { maxKeys: 5, noNullPrototype: true })
    .map(
      (entries): PickleValue => ({
        kind: 'dict',
        keys: Object.keys(entries),
        values: Object.values(entries),
      }),
    ),
})).value;

test.each([1, 2, 3, 4, 5] as const)('both read the same data, protocol %d', (protocol) => {
  fc.assert(
    fc.property(plain, (value) => {
      const bytes = assemble(value, { protocol });
      expect(ours(bytes)).toEqual(JSON.parse(JSON.stringify(other(bytes))));
    }),
    { numRuns: 100 },
  );
});

describe('where pickleparser is wrong, and we are right', () => {
  test.each<[title: string, bytes: string, right: unknown]>([
    ['negative LONG1', '\x8a\x01\xff.', -1],
    ['negative LONG1 of eight bytes', '\x8a\x08\xff\xff\xff\xff\xff\xff\xff\xff.', -1],
    ['LONG1 past 2^53', '\x8a\x07\x01\0\0\0\0\0\x20.', { $int: '9007199254740993' }],
    ['negative LONG4', '\x8b\x01\0\0\0\xff.', -1],
    ['LONG past 2^53', 'L9007199254740993L\n.', { $int: '9007199254740993' }],
    ['an octal INT', 'I010\n.', 8],
    ['escapes in STRING', "S'a\\n'\n.", 'a\n'],
    ['escapes in UNICODE', 'V\\u00e9\n.', 'é'],
    ['UTF-8 in SHORT_BINSTRING', 'U\x02\xc3\xa9.', 'é'],
    ['lone surrogates', '\x8c\x03\xed\xa0\x80.', { $str: [0xd800] }],
    [
      '1 and True are one key',
      '}(K\x01NK\x02N\x88K\x05u.',
      {
        $dict: [
          [1, 5],
          [2, null],
        ],
      },
    ],
    ['__proto__ is a key', '}X\x09\0\0\0__proto__}s.', { $dict: [['__proto__', {}]] }],
  ])('%s', (_, text, right) => {
    const bytes = ascii(text);
    expect(ours(bytes)).toEqual(right);
    let theirs: unknown;
    try {
      theirs = JSON.parse(
        JSON.stringify(other(bytes), (_key, value) => (typeof value === 'bigint' ? Number(value) : value)),
      );
    } catch {
      theirs = 'refused';
    }
    expect(theirs).not.toEqual(right);
  });

  test.each<[title: string, bytes: string]>([
    ['a memo slot that is empty', 'h\0.'],
    ['a pop past a mark', 'N(K\x01\x86.'],
    ['an empty stack', '.'],
    ['BINUNICODE that is not UTF-8', 'X\x01\0\0\0\xff.'],
  ])('%s is refused by us only', (_, text) => {
    expect(() => ours(ascii(text))).toThrow(expect.objectContaining({ code: 'malformed' }));
    expect(() => other(ascii(text))).not.toThrow();
  });

  test('seven bytes that never end: a length read as negative leads back to its own opcode', async () => {
    const bytes = ascii('\x80\x03B\xfb\xff\xff\xff');
    expect(() => ours(bytes)).toThrow(expect.objectContaining({ code: 'truncated', offset: 2 }));
    const parser = createRequire(import.meta.url).resolve('pickleparser');
    const worker = new Worker(
      `const { Parser } = require(${JSON.stringify(parser)});
       const { parentPort } = require('node:worker_threads');
       parentPort.postMessage('begun');
       try { new Parser().parse(Uint8Array.from(${JSON.stringify([...bytes])})); } catch {}
       parentPort.postMessage('done');`,
      { eval: true },
    );
    const messages: string[] = [];
    worker.on('message', (message: string) => messages.push(message));
    await once(worker, 'message');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await worker.terminate();
    expect(messages).toEqual(['begun']);
  });
});
