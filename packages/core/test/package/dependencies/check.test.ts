import { describe, expect, it } from 'vitest';
import {
  checkDependencies,
  dependencies,
  environmentOf,
  formOf,
  type Json,
  parseDependencies,
  parseEnvironment,
  parseRequirementsText,
} from '../../../src/index.ts';

const needs = dependencies({
  torsh: '>=0.1.0,<0.2.0',
  python: {
    numpy: '>=1.20.0',
    transformers: '[torch]>=4.20.0',
    'typing-extensions': '>=4; python_version < "3.11"',
    old: ['<2; sys_platform == "win32"', '>=2; sys_platform != "win32"'],
    pinned: '@ https://example.org/pinned-1.0-py3-none-any.whl',
  },
  system: { cuda: '>=11.0' },
  modules: ['numpy.linalg', 'mine'],
});

const said = (environment: Json) =>
  checkDependencies(needs, parseEnvironment(environment)).findings.map(
    ({ name, status }) => `${name} ${status}`,
  );

describe('dependencies', () => {
  it('keep the form that a manifest has', () => {
    expect(needs.form).toEqual({
      torsh: '>=0.1.0,<0.2.0',
      python: {
        numpy: '>=1.20.0',
        transformers: '[torch]>=4.20.0',
        'typing-extensions': '>=4; python_version < "3.11"',
        old: ['<2; sys_platform == "win32"', '>=2; sys_platform != "win32"'],
        pinned: '@ https://example.org/pinned-1.0-py3-none-any.whl',
      },
      system: { cuda: '>=11.0' },
      modules: ['numpy.linalg', 'mine'],
    });
    const { requirements } = parseRequirementsText(
      'b==1\na[x]>=1; extra == "y"\nb @ https://b ; os_name == "nt"\n',
    );
    expect(formOf({ python: requirements, modules: ['z', 'a', 'z'] })).toEqual({
      python: { b: ['==1', '@ https://b ; os_name == "nt"'], a: '[x]>=1; extra == "y"' },
      modules: ['a', 'z'],
    });
  });

  it('know a package by all spellings of its name', () => {
    const twice = { python: { 'Foo.Bar': '>1', 'foo-bar': '<1' } };
    expect(() => dependencies(twice)).toThrow(expect.objectContaining({ code: 'malformed' }));
    const { requirements } = parseRequirementsText('Foo.Bar>1\nfoo-bar<3\n');
    expect(formOf({ python: requirements })).toEqual({ python: { 'Foo.Bar': ['>1', '<3'] } });
  });

  it('are satisfied, or not, or it cannot be told', () => {
    const environment = {
      torsh: '0.1.5',
      python: '3.11.4',
      platform: 'linux',
      packages: { NumPy: '1.26.4', transformers: '4.0.0', old: '1.0', pinned: '1.0' },
      system: { CUDA: '12.4' },
      modules: ['numpy'],
    };
    expect(said(environment)).toEqual([
      'torsh satisfied',
      'numpy satisfied',
      'transformers unsatisfied',
      'typing-extensions satisfied',
      'old satisfied',
      'old unsatisfied',
      'pinned undecidable',
      'cuda satisfied',
      'numpy.linalg satisfied',
      'mine unsatisfied',
    ]);
    expect(checkDependencies(needs, parseEnvironment(environment)).status).toBe('unsatisfied');
    expect(new Set(said({}).map((each) => each.split(' ')[1]))).toEqual(new Set(['undecidable']));
    expect(checkDependencies(dependencies({}), parseEnvironment({})).status).toBe('satisfied');
    // Not needed here, and nothing about packages has to be known for that.
    expect(said({ python: '3.12.0' })[3]).toBe('typing-extensions satisfied');
    expect(said({ packages: {} })[3]).toBe('typing-extensions undecidable');
  });

  it('that cannot be read are kept, and undecidable', () => {
    const form = {
      torsh: '~~1',
      python: { a: '1.0', b: '*', c: 5 },
      system: 7,
      modules: ['1x', 'a.b'],
      crates: { x: '^1' },
    };
    const parsed = parseDependencies(form);
    expect(parsed.form).toBe(form);
    expect(parsed.unreadable.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'other crates: x',
      'torsh torsh',
      'python a',
      'python c',
      'system system',
      'module 1x',
    ]);
    expect(parsed.python.map(({ name }) => name)).toEqual(['b']);
    const all = checkDependencies(parsed, parseEnvironment({ packages: { b: '1', a: '1.0' } }));
    expect(all.findings.filter(({ status }) => status === 'undecidable')).toHaveLength(7);
    expect(() => dependencies(form as never)).toThrow(expect.objectContaining({ code: 'malformed' }));
    expect(parseDependencies('x').unreadable).toHaveLength(1);
    expect(parseDependencies(undefined).unreadable).toEqual([]);
  });

  it.each<Json>([
    [],
    { a: 1 },
    { python: 3 },
    { packages: { a: 1 } },
    { platform: ['x'] },
    { modules: 'a' },
    { system: null },
  ])('refuses %j as an environment', (environment) => {
    expect(() => parseEnvironment(environment)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });
});

const freeze = `# what pip freeze prints
numpy==1.26.4
torch==2.3.0+cu121
-e git+https://example.org/repo@abc#egg=transformers
pillow @ file:///tmp/pillow-10.3.0-cp311-cp311-linux_x86_64.whl
requests @ https://example.org/requests/archive/main.zip
own @ file:///tmp/own.whl
`;
const list = `--index-url https://example.org/simple
numpy>=1.24,<2   # ours is fine
requests [socks] == 2.31.0 \\
    --hash=sha256:00 \\
    --hash=sha256:11
transformers<4
scipy>=1.5
win-only==1.0 ; sys_platform == 'win32'
maybe==1.0 ; platform_machine == 'arm64'
-r more.txt
./here.whl
???
`;

describe('an environment from a list of requirements', () => {
  it('of pip freeze is the whole of it', () => {
    const environment = environmentOf(parseRequirementsText(freeze));
    expect(environment.complete).toBe(true);
    expect([...environment.packages!].map(([name, { version }]) => `${name} ${version}`)).toEqual([
      'numpy 1.26.4',
      'torch 2.3.0+cu121',
      'transformers undefined',
      'pillow 10.3.0',
      'requests undefined',
      'own undefined',
    ]);
    const check = (form: { [name: string]: string }) =>
      checkDependencies(dependencies({ python: form }), environment).findings.map(({ status }) => status);
    expect(
      check({ numpy: '>=1.20', torch: '==2.3.0', absent: '', transformers: '>=4', pillow: '<10' }),
    ).toEqual(['satisfied', 'satisfied', 'unsatisfied', 'undecidable', 'unsatisfied']);
    expect(check({ transformers: '' })).toEqual(['satisfied']);
  });

  it('of ranges promises what all of a range does', () => {
    const parsed = parseRequirementsText(list);
    expect(parsed.issues.map(({ message }) => message.split(':')[0])).toEqual([
      'Line 10',
      'Line 11',
      'Line 12',
    ]);
    const environment = environmentOf(parsed, parseEnvironment({ platform: 'linux' }));
    expect(environment.complete).toBe(false);
    expect([...environment.packages!.keys()]).toEqual([
      'numpy',
      'requests',
      'transformers',
      'scipy',
      'maybe',
    ]);
    const check = (form: { [name: string]: string }) =>
      checkDependencies(dependencies({ python: form }), environment).findings.map(({ status }) => status);
    expect(
      check({
        numpy: '>=1.20',
        scipy: '>=1.10',
        transformers: '>=4.20',
        absent: '',
        maybe: '>=1',
        requests: '<3',
      }),
    ).toEqual(['satisfied', 'undecidable', 'unsatisfied', 'undecidable', 'undecidable', 'satisfied']);
  });

  it('survives anything', () => {
    for (const text of [
      '',
      '\\',
      '\\\n\\\n',
      '#',
      'a==1\\',
      `${'x'.repeat(5000)}`,
      '-e',
      '@',
      'a @',
      '[]',
      'a[',
      'a;',
      '%2b-%-c-d-e.whl',
    ])
      expect(() => environmentOf(parseRequirementsText(text))).not.toThrow();
    expect(parseRequirementsText('\uFEFFa\r\nb\rc').requirements.map(({ name }) => name)).toEqual([
      'a',
      'b',
      'c',
    ]);
  });
});
