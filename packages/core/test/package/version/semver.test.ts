import fc from 'fast-check';
import * as npm from 'semver';
import { describe, expect, it } from 'vitest';
import {
  compareVersions,
  formatRequirement,
  formatVersion,
  incrementVersion,
  parseRequirement,
  parseVersion,
  satisfies,
} from '../../../src/package/version/index.ts';

// Small numbers, so that versions and requirements meet.
const number = fc.integer({ min: 0, max: 3 });
const identifier = fc.constantFrom(
  'alpha',
  'beta',
  'rc',
  '0',
  '1',
  '2',
  '10',
  'x-y',
  '--',
  '1a',
  '99999999999999999999',
);
const prerelease = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  fc.array(identifier, { minLength: 1, maxLength: 3 }).map((parts) => `-${parts.join('.')}`),
);
const build = fc.constantFrom('', '', '', '+001', '+b.7');
const version = fc
  .tuple(number, number, number, prerelease, build)
  .map(([a, b, c, d, e]) => `${a}.${b}.${c}${d}${e}`);
const partial = fc.oneof(
  { weight: 4, arbitrary: version },
  fc.tuple(number, number).map((parts) => parts.join('.')),
  number.map(String),
  fc.tuple(number, fc.constantFrom('x', 'X', '*')).map((parts) => parts.join('.')),
  fc.tuple(number, number, fc.constantFrom('x', '*')).map((parts) => parts.join('.')),
  fc.constant('*'),
);
const bound = fc
  .tuple(fc.constantFrom('', '=', '>', '>=', '<', '<=', '^', '~'), fc.constantFrom('', ' '), partial)
  .map(([operator, space, text]) => (operator === '' ? text : operator + space + text));
const alternative = fc.oneof(
  { weight: 4, arbitrary: fc.array(bound, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' ')) },
  fc.tuple(partial, partial).map((parts) => parts.join(' - ')),
);
const requirement = fc.array(alternative, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' || '));
const runs = { seed: 20261121, numRuns: 3000 };

describe('beside the semver of npm', () => {
  it('3,000 pairs of versions have the same order', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareVersions(parseVersion(a), parseVersion(b)))).toBe(npm.compare(a, b));
      }),
      runs,
    );
  });

  it('3,000 pairs of a version and a requirement give the same answer', () => {
    let satisfied = 0;
    fc.assert(
      fc.property(version, requirement, (given, wanted) => {
        const answer = satisfies(given, parseRequirement(wanted, { dialect: 'npm' }));
        expect(answer).toBe(npm.satisfies(given, wanted));
        expect(satisfies(given, wanted), 'torsh reads all that npm writes').toBe(answer);
        satisfied += Number(answer);
      }),
      runs,
    );
    expect(satisfied, 'pairs that fit').toBeGreaterThan(500);
  });

  it('3,000 versions are incremented alike', () => {
    const by = fc.constantFrom('major', 'minor', 'patch', 'prerelease');
    const name = fc.constantFrom(undefined, 'alpha', 'rc');
    const countable = version.filter((text) => !text.includes('99999999'));
    fc.assert(
      fc.property(countable, by, name, (given, part, named) => {
        const next = formatVersion(incrementVersion(parseVersion(given), part, named));
        const wanted = named === undefined ? npm.inc(given, part) : npm.inc(given, part, named);
        expect(next).toBe(wanted);
      }),
      runs,
    );
  });

  it('what is no version is none for both', () => {
    const parts = fc.constantFrom(
      '1',
      '0',
      '01',
      '.',
      '-',
      '+',
      'a',
      'rc',
      '..',
      '2',
      ' ',
      'é',
      '9007199254740992',
    );
    fc.assert(
      fc.property(
        fc.array(parts, { minLength: 3, maxLength: 9 }).map((list) => list.join('')),
        (text) => {
          let valid = true;
          try {
            parseVersion(text);
          } catch {
            valid = false;
          }
          // npm takes white space around a version.
          expect(valid).toBe(npm.valid(text) !== null && text.trim() === text);
        },
      ),
      runs,
    );
  });

  it('a requirement means the same when it was formatted', () => {
    fc.assert(
      fc.property(version, requirement, (given, wanted) => {
        const text = formatRequirement(parseRequirement(wanted));
        expect(satisfies(given, text)).toBe(satisfies(given, wanted));
        expect(npm.satisfies(given, text)).toBe(npm.satisfies(given, wanted));
      }),
      { ...runs, numRuns: 1000 },
    );
  });
});
