import fc from 'fast-check';
import * as npm from 'semver';
import { describe, expect, it } from 'vitest';
import {
  type DependencyForm,
  dependencies,
  formatVersion,
  intersectRequirements,
  parseEnvironment,
  parseRequirement,
  parseRequirementsText,
  resolveTogether,
  toConda,
  toRequirements,
} from '../../../src/index.ts';

const packages = (forms: { [name: string]: DependencyForm }) =>
  new Map(Object.entries(forms).map(([name, form]) => [name, dependencies(form)]));
const said = (forms: { [name: string]: DependencyForm }) =>
  resolveTogether(packages(forms)).resolutions.map(({ name, status, versions, example }) => ({
    name,
    status,
    versions,
    example,
  }));

describe('packages that live together', () => {
  it('share a range, and an example of it', () => {
    expect(
      said({
        a: { torsh: '>=0.1.0', python: { NumPy: '>=1.20,<2' }, system: { CUDA: '>=11' } },
        b: { torsh: '^0.1.2', python: { numpy: '>=1.24,!=1.25.*' }, system: { cuda: '<13' } },
      }),
    ).toEqual([
      { name: 'torsh', status: 'compatible', versions: '>=0.1.0 ^0.1.2', example: '0.1.2' },
      { name: 'numpy', status: 'compatible', versions: '<2,>=1.24,!=1.25.*', example: '1.24' },
      { name: 'cuda', status: 'compatible', versions: '>=11,<13', example: '11.0' },
    ]);
  });

  it('conflict, with who stands against whom', () => {
    const { resolutions, status } = resolveTogether(
      packages({
        a: { python: { numpy: '>=1.20' }, torsh: '^1' },
        b: { python: { numpy: '>=2' }, torsh: '^2 || ^3' },
        c: { python: { numpy: '<2' } },
      }),
    );
    expect(status).toBe('conflict');
    expect(resolutions.map(({ reason }) => reason)).toEqual([
      'a wants ^1, and b wants ^2 || ^3: no version of torsh is both.',
      'b wants numpy>=2, and c wants numpy<2: no version of numpy is both.',
    ]);
    const three = resolveTogether(
      packages({
        a: { system: { x: '!=1.0' } },
        b: { system: { x: '>=1.0' } },
        c: { system: { x: '<1.0.post0.dev0' } },
      }),
    );
    expect(three.resolutions[0]!.reason).toContain('no version of x is all of these');
    expect(resolveTogether(packages({ a: { python: { x: '>1,<1' } } })).resolutions[0]).toMatchObject({
      status: 'conflict',
    });
  });

  it('depend on an environment where there are markers', () => {
    const forms = { a: { python: { x: '<2; sys_platform == "win32"' } }, b: { python: { x: '>=2' } } };
    const on = (platform?: string) =>
      resolveTogether(packages(forms), platform === undefined ? undefined : parseEnvironment({ platform }))
        .status;
    expect([on(), on('linux'), on('win32')]).toEqual(['undecidable', 'compatible', 'conflict']);
  });

  it('cannot be told where one comes from a URL', () => {
    const url = '@ https://example.org/x.whl';
    expect(said({ a: { python: { x: url } }, b: { python: { x: '>=1' } } })[0]!.status).toBe('undecidable');
    expect(said({ a: { python: { x: url } }, b: { python: { x: url } } })[0]!.status).toBe('compatible');
  });

  it('an example of requirements satisfies them for npm too, and there is one where npm sees an overlap', () => {
    const version = fc
      .tuple(
        fc.integer({ min: 0, max: 2 }),
        fc.integer({ min: 0, max: 2 }),
        fc.constantFrom('0', '1', '1-a', '1-b.2'),
      )
      .map((parts) => parts.join('.'));
    const bound = fc
      .tuple(fc.constantFrom('>=', '>', '<', '<=', '^', '~', ''), version)
      .map((parts) => parts.join(''));
    const range = fc.array(bound, { minLength: 1, maxLength: 2 }).map((parts) => parts.join(' '));
    const wanted = fc.array(range, { minLength: 1, maxLength: 2 }).map((parts) => parts.join(' || '));
    let found = 0;
    fc.assert(
      fc.property(wanted, wanted, (a, b) => {
        const example = intersectRequirements([a, b].map((text) => parseRequirement(text)));
        if (example !== undefined) {
          found++;
          expect(npm.satisfies(formatVersion(example), a) && npm.satisfies(formatVersion(example), b)).toBe(
            true,
          );
        } else if (npm.intersects(a, b)) {
          // npm looks at bounds only; between them there may be pre-releases that nobody asked for, or nothing.
          for (const text of [
            '0.0.0',
            '0.1.1',
            '1.0.1',
            '1.1.2',
            '2.0.1',
            '1.0.1-a',
            '1.0.1-b.2',
            '2.2.2',
            '3.0.0',
          ])
            expect(npm.satisfies(text, a) && npm.satisfies(text, b)).toBe(false);
        }
      }),
      { seed: 7, numRuns: 1500 },
    );
    expect(found).toBeGreaterThan(200);
  });
});

const all = dependencies({
  torsh: '>=0.1.0,<0.2.0',
  python: {
    torch: '>=2.1,<2.5',
    numpy: '==1.26.*',
    local: '==1.0+cu121',
    marked: '>=1; python_version < "3.11"',
    extra: '[all]>1.0',
    plain: '',
  },
  system: { cuda: '>=11.0', 'nvidia-driver': '>=535' },
  modules: ['mine'],
});

describe('exports', () => {
  it('requirements.txt', () => {
    const { text, issues } = toRequirements(all);
    expect(text).toBe(
      'extra[all]>1.0\nlocal==1.0+cu121\nmarked>=1; python_version < "3.11"\nnumpy==1.26.*\nplain\ntorch>=2.1,<2.5\n' +
        '# torsh >=0.1.0,<0.2.0\n# cuda >=11.0\n# nvidia-driver >=535\n# module mine\n',
    );
    expect(issues.map(({ severity, subject }) => `${severity} ${subject}`)).toEqual([
      'note torsh',
      'note cuda',
      'note nvidia-driver',
      'note module mine',
    ]);
    expect(parseRequirementsText(text)).toMatchObject({ issues: [], requirements: { length: 6 } });
  });

  it('conda.yaml', () => {
    const { text, issues } = toConda(all, 'my model');
    expect(text).toBe(`name: my model
channels:
  - conda-forge
dependencies:
  - numpy 1.26.*
  - plain
  - pytorch >=2.1,<2.5
  - __cuda >=11.0
  - pip
  - pip:
      - "extra[all]>1.0"
      - "local==1.0+cu121"
      - "marked>=1; python_version < \\"3.11\\""
# nvidia-driver >=535
# torsh >=0.1.0,<0.2.0
# module mine
`);
    expect(issues.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
      'pip extra',
      'pip local',
      'pip marked',
      'name torch',
      'version torch',
      'no-place nvidia-driver',
      'no-place torsh',
      'no-place module mine',
    ]);
    expect(toConda(dependencies({})).text).toBe('channels:\n  - conda-forge\ndependencies: []\n');
  });

  it('a name cannot begin a line of its own', () => {
    const hostile = dependencies({ system: { 'x\n-r /etc/passwd': '>=1' } });
    expect(toRequirements(hostile).text.split('\n')).toHaveLength(2);
    expect(toConda(hostile, 'a\nb').text).not.toContain('\n-r');
  });
});
