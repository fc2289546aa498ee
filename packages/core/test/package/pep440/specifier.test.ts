import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  comparePep440,
  formatPep440,
  formatSpecifiers,
  intersectSpecifiers,
  parsePep440,
  parseSpecifiers,
  satisfiesSpecifiers,
} from '../../../src/package/pep440/index.ts';

// What follows is decided here and on any machine; conformance/test_versions.py compares thousands with `packaging`.
describe('versions of PEP 440', () => {
  it.each([
    ['1.0-RC.1', '1.0rc1'],
    ['v1.0c1', '1.0rc1'],
    ['1!1.0-1', '1!1.0.post1'],
    ['1.0.dev', '1.0.dev0'],
    ['1.0+Ubuntu-1', '1.0+ubuntu.1'],
    // Not numbers, although JavaScript would take them for some.
    ['1.0+1e3.0x1f', '1.0+1e3.0x1f'],
    ['01.010', '1.10'],
  ])('%s is %s', (text, normal) => {
    expect(formatPep440(parsePep440(text))).toBe(normal);
  });

  it('are ordered', () => {
    const ordered =
      '0 1.dev0 1.0a1.dev1 1.0a1 1.0a1.post1 1.0b1 1.0rc1 1.0 1.0+abc 1.0+5 1.0.post1.dev2 1.0.post1 1.1.dev1 1!0.1'.split(
        ' ',
      );
    const shuffled = [...ordered].reverse().sort((a, b) => comparePep440(parsePep440(a), parsePep440(b)));
    expect(shuffled).toEqual(ordered);
    expect(comparePep440(parsePep440('1.0'), parsePep440('1.0.0'))).toBe(0);
  });

  it.each(['', 'one', '1.', '1..2', '1.0+', '1.0a1b1', '1.0 2', '9007199254740993', '1.0+ä'])(
    'refuses %j',
    (text) => {
      expect(() => parsePep440(text)).toThrow(expect.objectContaining({ code: 'malformed' }));
    },
  );
});

describe('specifiers', () => {
  it.each<[specifiers: string, yes: string, no: string]>([
    ['>=1.20,<2', '1.20 1.99 1.20.post1', '1.19 2.0 2.0a1'],
    ['~=1.4.2', '1.4.2 1.4.99', '1.4.1 1.5'],
    ['==1.4.*', '1.4 1.4.7 1.4a1', '1.5 1.40'],
    ['!=1.4.*', '1.3 1.5', '1.4.2'],
    ['==1.4', '1.4 1.4.0 1.4+cu121', '1.4.1 1.4.post1'],
    ['==1.4+cu121', '1.4+cu121', '1.4 1.4+cpu'],
    ['>1.7', '1.7.1', '1.7 1.7+x 1.7.post1'],
    ['>1.7.post1', '1.7.post2', '1.7.post1'],
    ['<1.7', '1.6', '1.7rc1 1.7.dev0 1.7'],
    ['<1.7rc2', '1.7rc1', '1.7rc2'],
    ['<=1.7', '1.7+local 1.7', '1.7.post1'],
    ['===1.0-RC', '1.0-rc', '1.0rc0'],
    ['', '1 2rc1', ''],
  ])('%j', (specifiers, yes, no) => {
    for (const version of yes.split(' '))
      expect(satisfiesSpecifiers(version, specifiers), version).toBe(true);
    for (const version of no.split(' ').filter(Boolean))
      expect(satisfiesSpecifiers(version, specifiers), version).toBe(false);
  });

  it('pre-releases can be left out', () => {
    expect(satisfiesSpecifiers('2.0rc1', '>=1', { prereleases: false })).toBe(false);
    expect(satisfiesSpecifiers('2.0rc1', '>=1')).toBe(true);
  });

  it.each(['1.0', '=1.0', '>=', '~=1', '>=1.*', '==1.0a1.*', '>=1.0+x', '>=1 <2', '^1.0', '===a;b'])(
    'refuses %j',
    (text) => {
      expect(() => parseSpecifiers(text)).toThrow(expect.objectContaining({ code: 'malformed' }));
    },
  );

  it('keep their text', () => {
    expect(formatSpecifiers(parseSpecifiers(' >= 1.20 , <2,'))).toBe('>=1.20,<2');
  });
});

describe('what several ask for together', () => {
  it.each<[list: readonly string[], example: string | undefined, prereleaseOnly: boolean]>([
    [['>=1.20', '<2,!=1.20'], '1.20.post0', false],
    [['>=1.20', '<1.20'], undefined, false],
    [['>1.0', '<1.0.1'], '1.0.0.1', false],
    [['>=2.0a1', '<2.0b1'], '2.0a1', true],
    [['==1.*', '==1.4+cu121'], '1.4+cu121', false],
    [['>1.0a1', '<1.0a2'], '1.0a2.dev0', true],
    [['>1.0a1', '<1.0a2.dev0'], undefined, false],
    [['===anything'], 'anything', false],
    [['===1.5', '>=1'], '1.5', false],
    [['===anything', '>=1'], undefined, false],
    [[], '0.0', false],
  ])('%j', (list, example, prereleaseOnly) => {
    const found = intersectSpecifiers(list);
    expect(found.example).toBe(example);
    expect(found.prereleaseOnly).toBe(prereleaseOnly);
  });

  it('an example satisfies each of them', () => {
    const bound = fc
      .tuple(
        fc.constantFrom('>=', '<=', '>', '<', '!='),
        fc.integer({ min: 0, max: 3 }),
        fc.constantFrom('', '.1', 'rc1', '.post1', '.dev2'),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(bound, { minLength: 1, maxLength: 5 }), (list) => {
        const { example } = intersectSpecifiers(list);
        for (const each of example === undefined ? [] : list)
          expect(satisfiesSpecifiers(example!, each)).toBe(true);
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});
