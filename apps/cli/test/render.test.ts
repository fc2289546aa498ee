import { TorshError } from '@torsh/bytes';
import { expect, test } from 'vitest';
import { Failure } from '../src/failure.ts';
import { coloursFor } from '../src/render/colour.ts';
import { damageText, endingOf } from '../src/render/error.ts';
import { formatBytes, formatCount, formatSeconds } from '../src/render/number.ts';
import { formatIssues } from '../src/render/report.ts';
import { formatTable } from '../src/render/table.ts';
import { formatJson, printable } from '../src/render/text.ts';
import { UsageError } from '../src/usage.ts';
import { recorded, testWorld } from './terminal.ts';

const world = testWorld({ cwd: '/home/ann' });

test('every class of errors has its exit code', () => {
  const codes = [
    ['malformed', 3],
    ['truncated', 3],
    ['unsupported', 3],
    ['ambiguous', 3],
    ['not-found', 3],
    ['unsafe', 4],
    ['limit', 5],
    ['io', 6],
  ] as const;
  for (const [code, exit] of codes) {
    expect(endingOf(new Failure('a.pt', new TorshError(code, 'So it is.')), world).code).toBe(exit);
  }
  expect(endingOf(new UsageError('No.'), world).code).toBe(2);
  expect(endingOf(new TypeError('oops'), world).code).toBe(70);
});

test('an error names the file, the place and what to do, in two lines', () => {
  const error = new TorshError('malformed', 'The opcode is unknown.', { path: 'data.pkl', offset: 12 });
  expect(endingOf(new Failure('dir/a.pt', error), world).text).toBe(
    'torsh: dir/a.pt: The opcode is unknown.\n' +
      '       At data.pkl, byte 12. The file is damaged, or something unusual wrote it. Fetch or save it again.\n',
  );
  expect(damageText(error, 'dir/a.pt', '/home/ann')).toBe('The opcode is unknown. (at data.pkl, byte 12)');
});

test('what the message says already is not said again', () => {
  const place = { path: '/home/ann/dir/a.pt', offset: 7 };
  const error = new TorshError('truncated', '/home/ann/dir/a.pt ends at byte 7. Fetch it again.', place);
  expect(endingOf(new Failure('dir/a.pt', error), world).text).toBe(
    'torsh: dir/a.pt ends at byte 7. Fetch it again.\n',
  );
});

test('an output that cannot be written is not blamed on the input, nor an entry taken for a file', () => {
  const text = (message: string, path: string) =>
    endingOf(new Failure('a.pt', new TorshError('io', message, { path })), world).text;
  expect(text('/home/ann/out.torsh may not be written: permission was denied.', '/home/ann/out.torsh')).toBe(
    'torsh: out.torsh may not be written: permission was denied.\n',
  );
  expect(text('data/0 is missing.', 'data/0')).toBe('torsh: a.pt: data/0 is missing.\n');
});

test('a mistake of torsh is called one; the stack is for those who ask', () => {
  const error = new TypeError('undefined is not a function');
  expect(endingOf(error, world).text).toContain('internal error (TypeError: undefined is not a function)');
  expect(endingOf(error, world).text).not.toContain('render.test.ts');
  expect(endingOf(error, { ...world, env: { TORSH_DEBUG: '1' } }).text).toContain('render.test.ts');
});

test('an interrupted run says so and ends with 130', () => {
  const ended = { ...world, signal: AbortSignal.abort(new Error('interrupted')) };
  expect(endingOf(new Error('interrupted'), ended)).toEqual({ text: 'torsh: interrupted\n', code: 130 });
});

test('no text from a file can steer a terminal', () => {
  const evil = 'a\x1b]0;title\x07\r\n\x9b2J\u202eb\u2028\u200bc\ud800';
  const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
  expect(printable(evil)).toBe(
    'a\\u{1b}]0;title\\u{7}\\u{d}\\u{a}\\u{9b}2J\\u{202e}b\\u{2028}\\u{200b}c\\u{d800}',
  );
  const texts = [
    endingOf(new Failure(evil, new TorshError('malformed', evil, { path: evil })), world).text,
    endingOf(new UsageError(evil), world).text,
    endingOf(new Error(evil), world).text,
    formatIssues([{ severity: 'loss', code: 'x', message: evil }], coloursFor(recorded(), {})),
    formatJson({ [evil]: evil }),
  ];
  for (const text of texts) expect(text.replaceAll('\n', '')).not.toMatch(steering);
  expect(JSON.parse(formatJson({ [evil]: ['\u{e0001}'] }))).toEqual({ [evil]: ['\u{e0001}'] });
  expect(printable('größe 模型 🙂')).toBe('größe 模型 🙂');
});

test('colours are for terminals; FORCE_COLOR and NO_COLOR are obeyed', () => {
  const red = (isTTY: boolean, env: { [name: string]: string }) =>
    coloursFor(recorded({ isTTY }), env).red('x');
  const painted = '\x1b[31mx\x1b[39m';
  expect(red(true, {})).toBe(painted);
  expect(red(false, {})).toBe('x');
  expect(red(true, { NO_COLOR: '1' })).toBe('x');
  expect(red(true, { NO_COLOR: '' })).toBe(painted);
  expect(red(true, { TERM: 'dumb' })).toBe('x');
  expect(red(false, { FORCE_COLOR: '1' })).toBe(painted);
  expect(red(true, { FORCE_COLOR: '0' })).toBe('x');
  expect(red(true, { NO_COLOR: '1', FORCE_COLOR: '1' })).toBe(painted);
});

test('tables align, also with colours and wide characters', () => {
  const rows = [
    ['a', '1'],
    ['\x1b[1mbb\x1b[22m', '10'],
    ['模型', '100'],
  ];
  expect(formatTable(rows, [1])).toBe('a       1\n\x1b[1mbb\x1b[22m     10\n模型  100');
});

test('numbers for people', () => {
  expect([0, 1023, 1024, 1536, 2 ** 30, 123 * 2 ** 20].map(formatBytes)).toEqual([
    '0 B',
    '1023 B',
    '1.0 KiB',
    '1.5 KiB',
    '1.0 GiB',
    '123 MiB',
  ]);
  expect([0, 999, 1000, 1234567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567']);
  expect([0.05, 12.34, 59.99, 61, 3599.7].map(formatSeconds)).toEqual([
    '0.05 s',
    '12.3 s',
    '60.0 s',
    '1 min 1 s',
    '60 min 0 s',
  ]);
});

test('many issues are cut short, worst first', () => {
  const notes = Array.from({ length: 30 }, (_, index) => ({
    severity: 'note' as const,
    code: 'n',
    message: `note ${index}`,
  }));
  const text = formatIssues(
    [...notes, { severity: 'blocker', code: 'b', message: 'stop' }],
    coloursFor(recorded(), {}),
  );
  const lines = text.trimEnd().split('\n');
  expect(lines[0]).toBe('blocker: stop');
  expect(lines.at(-1)).toBe('note: and 10 more');
  expect(lines.length).toBe(22);
});
