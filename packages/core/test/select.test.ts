import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archive, matches, model, RequestError, rolesByName, select, shapeOf } from '../src/index.ts';
import { tensor } from './support.ts';

describe('matches', () => {
  it.each([
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['a*', 'abc', true],
    ['*c', 'abc', true],
    ['a*c', 'abbbc', true],
    ['a*b*c', 'a.b.b.c', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['?', '', false],
    ['abc', 'abcd', false],
    ['*.weight', 'layers.0.weight', true],
    ['*.weight', 'layers.0.weights', false],
    ['[a]', 'a', false],
    ['a.c', 'abc', false],
    ['**', 'x', true],
  ])('%j and %j', (pattern, text, wanted) => expect(matches(pattern, text)).toBe(wanted));

  it('agrees with the regular expression of the same meaning', () => {
    const small = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
    fc.assert(
      fc.property(small, text, (pattern, name) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(matches(pattern, name)).toBe(expression.test(name));
      }),
    );
  });

  it('does not explode where a regular expression would', () => {
    // Counted, not timed: characters of the text that are looked at.
    const size = 2000;
    let looked = 0;
    const characters = 'a'.repeat(size);
    const text = new Proxy(Object(characters), {
      get(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) looked++;
        return Reflect.get(target, key, target);
      },
    }) as string;
    expect(matches(`${'*a'.repeat(20)}*b`, text)).toBe(false);
    expect(looked).toBeLessThan(size * 50);
  });
});

describe('select', () => {
  const whole = archive('test', {
    models: [
      model([tensor('a.w'), tensor('a.b'), tensor('c.w')], {
        aliases: new Map([
          ['tied.w', 'a.w'],
          ['tied.too', 'a.w'],
        ]),
        metadata: { format: 'pt' },
      }),
      model([tensor('x')], { name: 'second' }),
    ],
    metadata: { torch: 1 },
  });
  const chosen = (...patterns: string[]) =>
    Object.fromEntries(
      Array.from(select(whole, patterns).models, ([name, { tensors, aliases }]) => [
        name,
        [[...tensors.keys()], Object.fromEntries(aliases)],
      ]),
    );

  it('keeps what matches one of the patterns, and drops models that lose everything', () => {
    expect(chosen('a.*')).toEqual({ model: [['a.w', 'a.b'], {}] });
    expect(chosen('a.b', 'x')).toEqual({ model: [['a.b'], {}], second: [['x'], {}] });
    expect(chosen('nothing')).toEqual({});
    expect(chosen('*')).toEqual({
      model: [['a.w', 'a.b', 'c.w'], { 'tied.w': 'a.w', 'tied.too': 'a.w' }],
      second: [['x'], {}],
    });
  });

  it('chooses a model by `model:name`', () => expect(chosen('second:*')).toEqual({ second: [['x'], {}] }));

  it('lets a tied name step in for its owner', () => {
    expect(chosen('tied.*')).toEqual({ model: [['tied.w'], { 'tied.too': 'tied.w' }] });
    const tensorOfTied = select(whole, ['tied.w']).models.get('model')!.tensors.get('tied.w')!;
    expect(tensorOfTied).toMatchObject({
      name: 'tied.w',
      data: whole.models.get('model')!.tensors.get('a.w')!.data,
    });
  });

  it('keeps everything else', () => {
    const { metadata, models } = select(whole, ['a.w']);
    expect(metadata).toEqual({ torch: 1 });
    expect(models.get('model')!.metadata).toEqual({ format: 'pt' });
  });
});

describe('select by role', () => {
  const shape = {
    kind: 'lightning',
    title: 'Lightning checkpoint',
    roles: { weights: ['net.'], ema: ['net.ema.', 'swa.'], optimizer: ['opt.'] },
  };
  const whole = archive('test', {
    models: [
      model(
        [
          tensor('net.w'),
          tensor('net.b'),
          tensor('net.ema.w'),
          tensor('swa.w'),
          tensor('opt.0'),
          tensor('loss'),
        ],
        {
          aliases: new Map([
            ['net.tied', 'net.w'],
            ['opt.w', 'net.w'],
          ]),
        },
      ),
      model([tensor('net.scratch')], { name: 'extra' }),
    ],
    metadata: { other: 1, torch: { epoch: 3, shape } },
  });
  const chosen = (...patterns: string[]) => {
    const { models } = select(whole, patterns);
    return Object.fromEntries(
      Array.from(models, ([name, { tensors, aliases }]) => [
        name,
        [...tensors.keys(), ...aliases.keys()].join(' '),
      ]),
    );
  };

  it('one role loses its prefix, and the longest prefix decides', () => {
    expect(chosen('weights')).toEqual({ model: 'w b tied' });
    expect(chosen('optimizer')).toEqual({ model: '0 w' });
    expect(chosen('weights', 'weights')).toEqual({ model: 'w b tied' });
  });

  it('a role with several prefixes keeps them, and so do several roles, and a role beside a pattern', () => {
    expect(chosen('ema')).toEqual({ model: 'net.ema.w swa.w' });
    expect(chosen('weights', 'optimizer')).toEqual({ model: 'net.w net.b opt.0 net.tied opt.w' });
    expect(chosen('weights', 'loss', 'extra:*')).toEqual({
      model: 'net.w net.b loss net.tied',
      extra: 'net.scratch',
    });
  });

  it('is consent to leave the rest behind, and the shape says what is there now', () => {
    const weights = select(whole, ['weights']);
    expect([...weights.incidental]).toEqual(['torch']);
    expect(weights.metadata.torch).toEqual({ epoch: 3, shape: { ...shape, roles: { weights: [''] } } });
    expect(select(weights, ['weights']).models.get('model')!.tensors.size).toBe(2);
    expect(shapeOf(select(whole, ['weights', 'ema']))?.shape.roles).toEqual({
      weights: ['net.'],
      ema: ['net.ema.', 'swa.'],
    });
    expect([...select(whole, ['net.*']).incidental]).toEqual([]);
    expect([...whole.incidental]).toEqual([]);
  });

  it('refuses a role that the file does not have, and says which it has', () => {
    const weights = select(whole, ['weights']);
    expect(() => select(weights, ['ema'])).toThrow(RequestError);
    expect(() => select(weights, ['ema'])).toThrow(/weights/);
    expect(() => select(archive('t', { models: [model([tensor('weights')])] }), ['weights'])).toThrow(
      RequestError,
    );
    expect(select(archive('t', { models: [model([tensor('weights')])] }), ['weights*']).models.size).toBe(1);
  });

  it('refuses to drop a prefix that tells two names apart', () => {
    const odd = archive('test', {
      models: [model([tensor('net.'), tensor('net.net.')])],
      metadata: { torch: { shape } },
    });
    expect(() => select(odd, ['weights'])).toThrow(RequestError);
  });
});

describe('a shape from anywhere', () => {
  it.each([
    [null],
    [[]],
    ['weights'],
    [{ shape: null }],
    [{ shape: { kind: 'x', title: 'y' } }],
    [{ shape: { kind: 1, title: 'y', roles: {} } }],
    [{ shape: { kind: 'x', title: 'y', roles: [] } }],
  ])('%j is none', (json) => expect(shapeOf(archive('t', { metadata: { torch: json } }))).toBeUndefined());

  it('keeps of it what can be used', () => {
    const roles = { weights: ['a', 'b.', 3], ema: 'x.', other: ['y.'], optimizer: [''] };
    const json = { shape: { kind: 'x', title: 'y', version: 1, settings: [1, 'args'], roles } };
    expect(shapeOf(archive('t', { metadata: { none: 1, torch: json } }))).toEqual({
      namespace: 'torch',
      shape: { kind: 'x', title: 'y', settings: ['args'], roles: { weights: ['b.'], optimizer: [''] } },
    });
  });

  it('a name has the roles of its longest beginning', () => {
    const of = rolesByName({ kind: '', title: '', roles: { weights: ['a.', 'c..'], ema: ['a.', 'a.b.'] } });
    expect(
      ['a.x', 'a.b.x', 'a.b', 'a', 'b.a.', 'c..x', 'c.x', '', '.', 'a.'].map((name) => of(name).join()),
    ).toEqual(['weights,ema', 'ema', 'weights,ema', '', '', 'weights', '', '', '', 'weights,ema']);
  });
});
