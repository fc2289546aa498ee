import { describe, expect, it } from 'vitest';
import { standardLibrary } from '../src/index.ts';

describe('standardLibrary', () => {
  it('has as many names as each Python says', () => {
    const sizes = ['3.10', '3.11.7', '3.12', '3.13'].map((version) => standardLibrary(version).names.size);
    expect(sizes).toEqual([303, 305, 300, 289]);
  });

  it.each([
    ['dummy_threading', '3.8', '3.8'],
    ['graphlib', '3.9', '3.14'],
    ['formatter', '3.8', '3.9'],
    ['binhex', '3.8', '3.10'],
    ['tomllib', '3.11', '3.14'],
    ['imp', '3.8', '3.11'],
    ['cgi', '3.8', '3.12'],
    ['_colorize', '3.13', '3.14'],
    ['annotationlib', '3.14', '3.14'],
  ])('has %s from %s to %s', (name, first, last) => {
    const minors = [8, 9, 10, 11, 12, 13, 14];
    const having = minors
      .map((minor) => `3.${minor}`)
      .filter((version) => standardLibrary(version).names.has(name));
    expect([having[0], having.at(-1)]).toEqual([first, last]);
  });

  it('knows modules within packages, and those that Linux lacks', () => {
    const { modules, names } = standardLibrary('3.11');
    expect(
      ['os.path', 'concurrent.futures', 'xml.etree.ElementTree'].every((name) => modules.has(name)),
    ).toBe(true);
    expect(modules.has('collections.OrderedDict')).toBe(false);
    expect([names.has('winreg'), modules.has('winreg')]).toEqual([true, false]);
  });

  it('takes the nearest version that it knows, and refuses what is none', () => {
    expect(standardLibrary('3.7').version).toBe('3.8');
    expect(standardLibrary('3.99.1').version).toBe('3.14');
    for (const version of ['', '3', '2.7', '3.x', 'python'])
      expect(() => standardLibrary(version)).toThrow(TypeError);
  });
});
