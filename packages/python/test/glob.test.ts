import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GlobPattern, globGroup } from '../src/index.ts';
import { matchSegment, matchSegments, type SegmentPattern } from '../src/segments.ts';

interface Row {
  readonly include: GlobPattern;
  readonly exclude?: GlobPattern;
  readonly separator?: string;
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

// the expectations of upstream's own tests, and a few that were tried with torch 2.13
const rows: readonly Row[] = [
  {
    include: 'torch.*',
    yes: ['torch.foo', 'torch.bar', 'torch.'],
    no: ['tor.foo', 'torch.foo.bar', 'torch'],
  },
  {
    include: 'foo.*.bar',
    yes: ['foo.q.bar', 'foo.foo.bar'],
    no: ['foo.bar', 'foo.foo', 'outer.foo.inner.bar', 'foo.q.bar.more', 'foo.one.two.bar'],
  },
  { include: 'fo*.bar', yes: ['fo.bar', 'foo.bar', 'foobar.bar'], no: ['oij.bar', 'f.bar', 'foo'] },
  {
    include: 'foo/a*.htm*',
    separator: '/',
    yes: ['foo/a.html', 'foo/a.htm', 'foo/abc.html'],
    no: ['foo/b.htm'],
  },
  {
    include: 'foo/*.txt',
    separator: '/',
    yes: ['foo/hello.txt', 'foo/goodbye.txt', 'foo/.txt'],
    no: ['foo/bar/hello.txt', 'bar/foo/hello.txt'],
  },
  {
    include: 'torch.**',
    yes: ['torch.foo', 'torch.bar', 'torch.foo.bar', 'torch'],
    no: ['what.torch', 'torchvision'],
  },
  { include: '**.torch', yes: ['torch', 'bar.torch'], no: ['visiontorch'] },
  {
    include: 'foo.**.baz',
    yes: ['foo.baz', 'foo.bar.baz', 'foo.bar1.bar2.baz'],
    no: ['foobaz', 'foo.bar.baz.z'],
  },
  {
    include: '**/bar/**/*.txt',
    separator: '/',
    yes: ['bar/baz.txt', 'a/bar/b.txt', 'bar/foo/c.txt'],
    no: ['baz.txt', 'a/b.txt'],
  },
  { include: '**', yes: ['bar', 'foo.bar', 'ab.c.d.e'], no: ['', 'a..b', '.a', 'a.'] },
  { include: '*', yes: ['', 'a', 'a\nb'], no: ['a.b'] },
  { include: '', yes: [''], no: ['a', '.'] },
  { include: [], yes: [], no: ['', 'a'] },
  {
    include: 'torch.**',
    exclude: 'torch.**.foo',
    yes: ['torch', 'torch.bar', 'torch.barfoo'],
    no: ['torch.foo', 'torch.some.foo'],
  },
  {
    include: '**',
    exclude: ['foo.**', 'bar.**'],
    yes: ['a', 'hello', 'anything.really'],
    no: ['foo.bar', 'foo.bar.baz'],
  },
  {
    include: ['foo', 'bar.**'],
    exclude: ['bar.baz', 'bar.qux'],
    yes: ['foo', 'bar.other', 'bar.bazother'],
    no: ['bar.baz', 'bar.qux'],
  },
  { include: 'a*b*a', yes: ['aba', 'abba', 'axbxa'], no: ['aa', 'ab', 'abab', 'a.b.a'] },
  { include: 'a[b]?.c', yes: ['a[b]?.c'], no: ['ab.c', 'abx.c'] },
];

describe('globGroup', () => {
  for (const { include, exclude = [], separator = '.', yes, no } of rows) {
    it(`${JSON.stringify(include)} without ${JSON.stringify(exclude)}`, () => {
      const group = globGroup(include, { exclude, separator });
      expect(yes.filter((name) => !group.matches(name))).toEqual([]);
      expect(no.filter((name) => group.matches(name))).toEqual([]);
    });
  }

  it.each(['a.**b', '***', 'a**', '**a.b', '**.***'])('refuses %s', (pattern) => {
    const refusal = new TypeError('** can only appear as an entire path segment');
    expect(() => globGroup(pattern)).toThrow(refusal);
    expect(() => globGroup('a', { exclude: ['b', pattern] })).toThrow(refusal);
  });

  it('refuses a separator that is not one character', () => {
    for (const separator of ['', '::', '*']) expect(() => globGroup('a', { separator })).toThrow(TypeError);
  });

  it('remembers what it was given', () => {
    expect(globGroup('a', { exclude: ['b'] })).toMatchObject({
      include: 'a',
      exclude: ['b'],
      separator: '.',
    });
    expect(globGroup(['a'])).toMatchObject({ include: ['a'], exclude: [] });
  });
});

const parse = (pattern: string): SegmentPattern[] =>
  pattern.split('.').map((part) => (part === '**' ? { any: true } : { any: false, pieces: part.split('*') }));

describe('work', () => {
  it.each([
    ['**.'.repeat(50).slice(0, -1), 'a.'.repeat(1000).slice(0, -1), true],
    [`${'**.'.repeat(50)}b`, 'a.'.repeat(1000).slice(0, -1), false],
    [`${'**.a.'.repeat(50)}b`, 'a.'.repeat(1000).slice(0, -1), false],
  ])('%s asks at most once for each pair', (pattern, name, expected) => {
    let asked = 0;
    const patterns = parse(pattern);
    const segments = name.split('.');
    const count = (one: SegmentPattern, segment: string) => {
      asked++;
      return matchSegment(one, segment);
    };
    expect(matchSegments(patterns, segments, count)).toBe(expected);
    expect(asked).toBeLessThanOrEqual(patterns.length * segments.length);
    expect(globGroup(pattern).matches(name)).toBe(expected);
  });

  it('takes no time for many stars in one segment', () => {
    const started = performance.now();
    expect(globGroup(`${'a*'.repeat(200)}b`).matches('a'.repeat(20_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('a slow and obvious matcher', () => {
  const segmentMatches = (pattern: string, text: string): boolean => {
    if (pattern === '') return text === '';
    if (pattern[0] === '*') {
      return (
        segmentMatches(pattern.slice(1), text) || (text !== '' && segmentMatches(pattern, text.slice(1)))
      );
    }
    return pattern[0] === text[0] && segmentMatches(pattern.slice(1), text.slice(1));
  };
  const matches = ([first, ...rest]: readonly string[], segments: readonly string[]): boolean => {
    if (first === undefined) return segments.length === 0;
    const [segment, ...others] = segments;
    if (first === '**' && matches(rest, segments)) return true;
    if (segment === undefined) return false;
    if (first === '**') return segment !== '' && matches([first, ...rest], others);
    return segmentMatches(first, segment) && matches(rest, others);
  };
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 4 });
  const name = fc.array(text, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('.'));
  const part = fc.oneof(
    fc.constant('**'),
    fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 4 }).filter((one) => !one.includes('**')),
  );
  const pattern = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.'));

  it('says the same', () => {
    const patterns = fc.array(pattern, { maxLength: 3 });
    const property = fc.property(patterns, patterns, name, (include, exclude, candidate) => {
      const segments = candidate.split('.');
      const any = (list: readonly string[]) => list.some((one) => matches(one.split('.'), segments));
      return globGroup(include, { exclude }).matches(candidate) === (any(include) && !any(exclude));
    });
    fc.assert(property, { numRuns: 2000 });
  });
});
