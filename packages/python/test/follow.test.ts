import { defaultLimits, isTorshError, withLimits } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import {
  type DependencyFollower,
  followDependencies,
  globGroup,
  inOrder,
  knownModules,
  packageModules,
  type RuleAction,
  sourceModules,
  standardLibrary,
} from '../src/index.ts';

const python = standardLibrary('3.11');

const follower = (sources: Readonly<Record<string, string>>, limits = defaultLimits) => {
  const packages = new Set(Object.keys(sources).map((name) => name.slice(0, name.lastIndexOf('.'))));
  const modules = Object.entries(sources).map(
    ([name, source]) => [name, { source, isPackage: packages.has(name) }] as const,
  );
  const finder = inOrder([
    sourceModules(new Map(modules)),
    knownModules([...python.modules, 'torch.nn', 'numpy']),
  ]);
  return followDependencies({ finder, implicit: packageModules(python), limits });
};

const rule = (action: RuleAction, include: string, exclude?: string) => ({
  action,
  names: globGroup(include, exclude === undefined ? {} : { exclude }),
});

const actions = ({ graph }: DependencyFollower) =>
  Array.from(
    graph.nodes,
    ([name, node]) => `${name} ${node?.action ?? '?'}${node?.problem ? ` !${node.problem.reason}` : ''}`,
  );
const edges = ({ graph }: DependencyFollower) => Array.from(graph.edges(), (edge) => edge.join(' > '));

describe('followDependencies', () => {
  it('goes depth first, in order, and takes the first rule', async () => {
    const it = follower({
      top: 'import p.a, p.c\nimport numpy',
      p: '',
      'p.a': 'from . import b\nfrom .b import thing\nimport torch.nn, sys',
      'p.b': 'import top\nfrom os import path, getcwd',
      'p.c': 'import nowhere',
    });
    it.addRule(rule('extern', 'numpy'));
    it.addRule(rule('deny', 'p.c'));
    it.addRule(rule('intern', '**', 'sys'));
    await it.addModule('top');
    expect(actions(it)).toEqual([
      'top intern',
      'p.a intern',
      'p.b intern',
      'os.path extern',
      'os extern',
      'torch.nn extern',
      'sys ? !no-action',
      'p.c deny !denied',
      'numpy extern',
    ]);
    expect(edges(it)).toEqual([
      'top > p.a',
      'top > p.c',
      'top > numpy',
      'p.a > p.b',
      'p.a > torch.nn',
      'p.a > sys',
      'p.b > top',
      'p.b > os.path',
      'p.b > os',
    ]);
  });

  it('asks the rules that are there when a module is met, and again while none has matched', async () => {
    const it = follower({ a: 'import b', b: '', c: 'import b' });
    const late = rule('mock', 'b');
    await it.addModule('a');
    it.addRule(late);
    expect([actions(it), it.hasMatched(late)]).toEqual([['a intern', 'b ? !no-action'], false]);
    await it.addModule('c');
    expect([actions(it), it.hasMatched(late)]).toEqual([['a intern', 'b mock', 'c intern'], true]);
  });

  it('lets the last source under a name win, at its first place', async () => {
    const it = follower({ b: '' });
    it.addRule(rule('intern', '**'));
    await it.addSource('a', 'import b');
    await it.addSource('c', '', { isPackage: true });
    await it.addSource('a', '', { follow: false });
    expect(Array.from(it.graph.nodes, ([name, node]) => [name, node?.source, node?.isPackage])).toEqual([
      ['a', '', false],
      ['b', '', false],
      ['c', '', true],
    ]);
  });

  it('follows pickles, and sees that they need what is mocked', async () => {
    const it = follower({ m: '', n: '' });
    it.addRule(rule('mock', 'm'));
    it.addRule(rule('intern', '**'));
    const names = [
      { module: 'm', name: 'A' },
      { module: 'collections', name: 'OrderedDict' },
      { module: 'm', name: 'B' },
      { module: 'n', name: 'C' },
    ];
    await it.addPickle('obj', 'obj.pkl', names);
    expect(actions(it)).toEqual([
      '<obj.obj.pkl> intern',
      'm mock !mocked-but-still-used',
      'collections extern',
      'n intern',
    ]);
    expect(it.graph.nodes.get('m')?.problem?.context).toBe(
      "Object(s) '['A', 'B']' from module `m` was mocked out during packaging but is being used in resource - `obj.pkl` in package `obj`. ",
    );
  });

  it('says why a module cannot be packed', async () => {
    const it = follower({ a: 'import b\nimport numpy', b: 'def f(:' });
    it.addRule(rule('intern', '**'));
    await it.addModule('a');
    await it.addSource('c', 'from .. import x');
    expect(Array.from(it.graph.nodes.values(), (node) => node?.problem)).toEqual([
      undefined,
      { reason: 'dependency-resolution-failed', context: "'(' was never closed (<unknown>, line 1)" },
      { reason: 'no-file' },
      {
        reason: 'dependency-resolution-failed',
        context: 'attempted relative import beyond top-level package',
      },
    ]);
  });

  it('fails for a module that nobody has', async () => {
    const it = follower({});
    await expect(it.addModule('nobody')).rejects.toMatchObject({ code: 'not-found', path: 'nobody' });
  });

  it('follows long chains without recursion, and bounds their length', async () => {
    const chain = Object.fromEntries(
      Array.from({ length: 5000 }, (_, at) => [`m${at}`, `import m${at + 1}`]),
    );
    const it = follower(chain);
    it.addRule(rule('intern', '**'));
    await it.addModule('m0');
    expect(it.graph.nodes.size).toBe(5000);
    const bounded = follower(chain, withLimits({ entries: 100 }));
    bounded.addRule(rule('intern', '**'));
    await expect(bounded.addModule('m0')).rejects.toSatisfy((error) => isTorshError(error, 'limit'));
  });
});
