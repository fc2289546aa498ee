import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archive, matches, model, select } from '../src/index.ts';
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
