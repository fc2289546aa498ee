import { defaultLimits, withLimits } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { imports } from '../src/index.ts';

const place = { module: 'p.q.r', isPackage: false };

/** Each reference as `module` or `module:name`; a failure as its message. */
function found(source: string, { module, isPackage } = place): string[] | string {
  const { references, failure } = imports(source, { module, isPackage }, defaultLimits);
  return (
    failure?.message ??
    references.map(({ module, name }) => (name === undefined ? module : `${module}:${name}`))
  );
}

// what torch 2.13 finds; the conformance suite asks it
const rows: readonly (readonly [source: string, expected: string[]])[] = [
  ['import a.b.c', ['a.b.c']],
  ['import a . b as x, c', ['a.b', 'c']],
  ['from a.b import c, d as e', ['a.b:c', 'a.b:d']],
  ['from a import (b,\n  c,)', ['a:b', 'a:c']],
  ['from a import *', ['a']],
  ['from . import x', ['p.q:x']],
  ['from .. import x', ['p:x']],
  ['from ..m.n import x', ['p.m.n:x']],
  ['from . . m import x', ['p.m:x']],
  ['import a\nimport b\nimport a', ['a', 'b']],
  ['def f():\n import a\nclass A:\n import b\nasync def g():\n async with x: import c', ['a', 'b', 'c']],
  ['try: import a\nexcept* E: import b\nelse: import c\nfinally: import d', ['a', 'b', 'c', 'd']],
  ['if TYPE_CHECKING: import a; import b', ['a', 'b']],
  ['match x:\n case [1, *_] if y: import a\n case _: import b', ['a', 'b']],
  ['from __future__ import annotations', ['__future__:annotations']],
  ["__import__('a.b.c')", ['a.b.c', 'a.b']],
  ["__import__('sub', g, l, ['x'], 1)", ['p.q.sub:x']],
  ["__import__('sub', fromlist=('x', '*'), level=2)", ['p.sub:x', 'p.sub']],
  ["__import__('sub.s2', level=1)", ['sub.s2', 'p.q.sub']],
  ["__import__('a.b', level=9)", ['a.b']],
  ["__import__('a', fromlist=['x'], level=9)", []],
  ["__import__('a.b', level=-1)", []],
  ["__import__('a.b', level='1')", ['a.b']],
  ["__import__('a', fromlist=['x', 5])", ['a:x', 'a']],
  ["__import__('a', fromlist=['x', y])", []],
  ["__import__('a', fromlist=None)", []],
  ["__import__('a' 'b')", ['ab']],
  ["__import__('\\x61\\142\\u0063\\\n')", ['abc']],
  ["__import__(r'\\x61')", ['\\x61']],
  ["__import__('a' + 'b'); __import__(f'a'); __import__(b'a'); __import__(name); __import__()", []],
  ["builtins.__import__('a'); importlib.import_module('a'); exec('import a')", []],
  ["f(__import__('x')); __import__('x').y(); g(lambda: __import__('z'))", []],
  ["(lambda: __import__('z')); __import__('y').x", ['z', 'y']],
  ["f\"{__import__('a')!r:>{__import__('b')}}\"", ['a', 'b']],
  ['import ﬁ', ['fi']],
  ['type A[T: __import__("a")] = __import__("b")', ['a', 'b']],
];

// Python's tree is not always in the order of the text
const order: readonly (readonly [source: string, expected: string[]])[] = [
  ["__import__('b') if __import__('a') else __import__('c')", ['a', 'b', 'c']],
  ["{__import__('a'): __import__('c'), __import__('b'): __import__('d')}", ['a', 'b', 'c', 'd']],
  [
    "@__import__('z').d\ndef f(a=__import__('b').d, *c: __import__('a').t): import body",
    ['a', 'b', 'body', 'z'],
  ],
  [
    "@__import__('z').d\nclass A(m=__import__('b').m, *__import__('a').x): import body",
    ['a', 'b', 'body', 'z'],
  ],
];

describe('imports', () => {
  it.each([...rows, ...order])('%s', (source, expected) => {
    expect(found(source)).toEqual(expected);
    expect(found(source.replaceAll('\n', '\r\n'))).toEqual(expected);
  });

  it('sees relative imports from a package, and from a module at the top', () => {
    expect(found('from . import x', { module: 'p.q', isPackage: true })).toEqual(['p.q:x']);
    expect(found('from . import x', { module: 'foo', isPackage: false })).toEqual(['foo:x']);
    expect(found('from .. import x', { module: 'foo', isPackage: true })).toBe(
      'attempted relative import beyond top-level package',
    );
  });

  it('names the line that is not Python', () => {
    const { references, failure } = imports('import a\n\nimport b\ndef f(:): pass\n', place, defaultLimits);
    expect(references).toEqual([]);
    expect(failure).toEqual({ message: 'invalid syntax (<unknown>, line 4)', line: 4 });
    expect(imports('x = (\r\n1\r\n', place, defaultLimits).failure?.line).toBe(1);
  });

  it('refuses what is too long', () => {
    expect(imports('import a', place, withLimits({ sourceLength: 8 })).failure).toBeUndefined();
    expect(imports('import ab', place, withLimits({ sourceLength: 8 })).failure?.message).toMatch(/8/);
  });
});

describe('what is not Python', () => {
  it.each([
    'print "x"',
    'a <> b',
    'x = )',
    'x = (]',
    "'abc",
    'f() = 1',
    'None = 1',
    'a, b += 1',
    'f(a=1, b)',
    'f(a for a in b, c)',
    'def f(a=1, b): pass',
    'def f(*): pass',
    'if x:\npass',
    '  x',
    'if 1:\n\tx\n        y',
    'if 1:\n  x\n y',
    'try: pass',
    'x := 1',
    '0777',
    '1_',
    "'\\x4'",
    "b'é'",
    "'a' b'b'",
    "f'{}'",
    "f'}'",
    "f'{lambda: x}'",
    "f'{x!z}'",
    "f'{x! r}'",
    "f'{lambda:{x}}'",
    'x = 1 \\',
    'from a import b,',
    'import None',
    'import a\0',
    '\ufeffimport a',
    'x\u00a0= 1',
    'match x:\n case 1: pass\n pass',
    'async x',
    '[*a for a in b]',
    'a = b ! c',
  ])('%j', (source) => {
    expect(imports(source, place, defaultLimits).failure?.message).toMatch(/./);
  });
});

describe('what is Python', () => {
  it.each([
    'x = yield',
    "f'{x,:>4}{yield}{yield:4}{*x,!r}'",
    'with (a as b, c as d,): pass',
    'with (a, b): pass',
    'match = 1; case = 2; type = 3; match.x, type(x), match[0]',
    'match (x):\n case {"k": -1, **r} | A.B(1, x=None) | (1 | 2) as y: pass',
    'print(*a, sep="")',
    'a = *b, c',
    'lambda a, /, b=1, *c, d, **e: (yield)',
    'x[a:b:c, ..., *d]',
    'f"{x!r:^{w}} {y = } {{}} {z:%H:%M} {a["b"]}"',
    '0_0, 0x_f, 1.e5, .5j, 1if 2else 3',
    'if 1:\n\tx\n\n# c\n\ty\n',
    'x = [\n1,\n  # c\n2]',
    'except_ = "a\\\nb"',
    '\fimport a',
    '',
    '# only a comment',
    'class A[T: int = str, *Ts, **P](B, m=C): pass',
    'try: pass\nexcept A, B: pass',
  ])('%j', (source) => {
    expect(imports(source, place, defaultLimits).failure).toBeUndefined();
  });
});

describe('hostile source', () => {
  const many = 30_000;
  const nested = (open: string, close: string, depth: number) =>
    `${open.repeat(depth)}1${close.repeat(depth)}`;
  const flat = (text: string) => `${text.repeat(many)}1`;

  it.each([
    ['brackets', nested('(', ')', many), /nested/],
    ['brackets as deep as Python has them', nested('(', ')', 200), undefined],
    ['one more', nested('(', ')', 201), /nested/],
    ['fields', nested('f"{', '}"', many), /nested/],
    ['blocks', Array.from({ length: 2000 }, (_, at) => `${' '.repeat(at)}if 1:\n`).join(''), /indentation/],
    ['default values', flat('lambda x='), /nested/],
    ['sums', flat('1+'), undefined],
    ['powers', flat('2**'), undefined],
    ['signs', flat('-'), undefined],
    ['negations', flat('not '), undefined],
    ['lambdas', flat('lambda:'), undefined],
    ['conditions', flat('1 if 1 else '), undefined],
    ['attributes', `a${'.b'.repeat(many)}`, undefined],
    ['calls', `f${'()'.repeat(many)}`, undefined],
    ['subscripts', `a${'[0]'.repeat(many)}`, undefined],
    ['targets', flat('a='), undefined],
    ['decorators', `${'@a\n'.repeat(many)}def f(): pass`, undefined],
    ['matches', 'match + 1\n'.repeat(many), undefined],
    ['keywords between stars', `f(${'a=1,*b,'.repeat(many)})`, undefined],
    ['words', 'a '.repeat(many), /invalid/],
  ] as const)('%s', (_name, source, failure) => {
    const started = performance.now();
    const message = imports(source, place, defaultLimits).failure?.message;
    expect(performance.now() - started).toBeLessThan(5000);
    if (failure === undefined) expect(message).toBeUndefined();
    else expect(message).toMatch(failure);
  });
});
