import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archive, type Json, model, parseRenames, RequestError, rename, shapeOf } from '../src/index.ts';
import { tensor } from './support.ts';

const whole = archive('test', {
  models: [
    model([tensor('module.a.w'), tensor('module.b.w'), tensor('steps')], {
      aliases: new Map([['module.tied', 'steps']]),
    }),
    model([tensor('module.x')], { name: 'extra' }),
  ],
  metadata: { torch: { shape: { kind: 'k', title: 't', roles: { weights: ['module.'] } } } },
});

function renamed(json: Json) {
  const { models } = rename(whole, parseRenames(json));
  return Object.fromEntries(
    Array.from(models, ([name, { tensors, aliases }]) => [
      name,
      [...tensors.keys(), ...Array.from(aliases, (pair) => pair.join('='))].join(' '),
    ]),
  );
}

describe('rename', () => {
  it('gives new names by an object or a list; order, bytes and ties stay', () => {
    const wanted = { model: 'first module.b.w count module.tied=count', extra: 'module.x' };
    expect(renamed({ 'module.a.w': 'first', steps: 'count' })).toEqual(wanted);
    expect(
      renamed([
        { from: 'module.a.w', to: 'first' },
        { from: 'steps', to: 'count' },
      ]),
    ).toEqual(wanted);
    const first = rename(whole, [{ from: 'module.a.w', to: 'first' }])
      .models.get('model')!
      .tensors.get('first')!;
    expect(first).toEqual({ ...whole.models.get('model')!.tensors.get('module.a.w'), name: 'first' });
  });

  it('a star stands for any text, here and there', () => {
    expect(renamed({ 'module.*': '*' })).toEqual({ model: 'a.w b.w steps tied=steps', extra: 'x' });
    expect(renamed({ 'module.*.w': 'layers.*.weight' }).model).toBe(
      'layers.a.weight layers.b.weight steps module.tied=steps',
    );
    expect(renamed({ '*': 'net.*' }).extra).toBe('net.module.x');
    expect(renamed({ 'module.a*': 'only' }).model).toContain('only');
  });

  it('a whole name goes before a pattern, and the first pattern before the next', () => {
    expect(
      renamed([
        { from: 'module.*', to: '*' },
        { from: 'module.a.w', to: 'mine' },
        { from: '*.w', to: 'x' },
      ]).model,
    ).toBe('mine b.w steps tied=steps');
  });

  it('happens at once, so that names can be exchanged', () => {
    expect(renamed({ 'module.a.w': 'module.b.w', 'module.b.w': 'module.a.w' }).model).toBe(
      'module.b.w module.a.w steps module.tied=steps',
    );
    expect(renamed({ '*': '*' }).model).toBe('module.a.w module.b.w steps module.tied=steps');
  });

  it('forgets beginnings of names that say nothing any more', () => {
    expect(shapeOf(rename(whole, [{ from: 'module.*', to: '*' }]))?.shape.roles).toEqual({});
  });

  it.each<[string, Json]>([
    ['a name that is not there', { nothing: 'x' }],
    ['a pattern that matches nothing', { 'nothing.*': '*' }],
    ['a name that another tensor has', { steps: 'module.a.w' }],
    ['a name that a tied tensor has', { steps: 'module.tied' }],
    ['two tensors under one new name', { 'module.*.w': 'w' }],
    ['an empty name', { steps: '' }],
    ['the name of the metadata', { steps: '__metadata__' }],
    ['a name with NUL', { steps: 'a\0' }],
    [
      'two new names',
      [
        { from: 'steps', to: 'a' },
        { from: 'steps', to: 'b' },
      ],
    ],
    ['two stars', { 'a*b*': 'c' }],
    ['a star that stands for nothing', { steps: 'a*' }],
    ['no object', 3],
    ['nothing', null],
    ['a list of lists', [['a', 'b']]],
    ['a number as a name', { steps: 1 }],
    ['half a rule', [{ from: 'steps' }]],
    ['a rule with more', [{ from: 'steps', to: 'a', model: 'x' }]],
  ])('refuses %s', (_, json) => expect(() => rename(whole, parseRenames(json))).toThrow(RequestError));

  it('there and back gives the archive again', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.'), minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 8 }), (names) => {
        const before = archive('t', { models: [model(names.map((each) => tensor(each)))] });
        const there = rename(before, [{ from: '*', to: 'x.*.y' }]);
        expect(rename(there, [{ from: 'x.*.y', to: '*' }])).toEqual(before);
      }),
    );
  });
});
