import { describe, expect, it } from 'vitest';
import { archive, type Content, type Format, model, plan } from '../src/index.ts';
import { codes, resource, stub, tensor } from './support.ts';

const nothing: Content = {
  dtypes: ['F32'],
  models: 'one',
  aliases: false,
  resources: false,
  metadata: [],
  modelMetadata: false,
};

function target(content: Partial<Content> = {}, examine?: () => readonly never[]): Format {
  return stub('target', {
    writer: {
      accepts: { ...nothing, ...content },
      layout: 'file',
      suffix: '.t',
      write: async () => undefined,
      ...(examine ? { examine } : {}),
    },
  });
}

const one = model([tensor('w')]);
const plain = archive('source', { models: [one] });

it('what fits is lossless and possible', () => {
  expect(plan(plain, target())).toMatchObject({ issues: [], lossless: true, possible: true });
});

describe('every rule', () => {
  it.each([
    [
      'many-models',
      'blocker',
      archive('s', { models: [model([tensor('w')], { name: 'two' }), model([], { name: 'three' })] }),
      { models: 'many' },
      undefined,
    ],
    [
      'model',
      'loss',
      archive('s', { models: [one, model([tensor('w')], { name: 'extra' })] }),
      { models: 'many' },
      'extra',
    ],
    ['dtype', 'blocker', archive('s', { models: [model([tensor('c', 'C128')])] }), { dtypes: 'all' }, 'c'],
    ['dtype', 'blocker', archive('s', { models: [model([tensor('h', 'F16')])] }), { dtypes: ['F16'] }, 'h'],
    [
      'aliases',
      'loss',
      archive('s', { models: [model([tensor('w')], { aliases: new Map([['v', 'w']]) })] }),
      { aliases: true },
      'model',
    ],
    [
      'model-metadata',
      'loss',
      archive('s', { models: [model([tensor('w')], { metadata: { a: 'b' } })] }),
      { modelMetadata: true },
      'model',
    ],
    [
      'resources',
      'loss',
      archive('s', { models: [one], resources: [resource('a', 'x')] }),
      { resources: true },
      undefined,
    ],
    [
      'metadata',
      'loss',
      archive('s', { models: [one], metadata: { torch: 1 } }),
      { metadata: ['torch'] },
      'torch',
    ],
    [
      'metadata',
      'loss',
      archive('s', { models: [one], metadata: { torch: 1 } }),
      { metadata: 'all' },
      'torch',
    ],
    [
      'metadata',
      'note',
      archive('s', { models: [one], metadata: { torch: 1 }, incidental: ['torch'] }),
      { metadata: 'all' },
      'torch',
    ],
  ] as const)('%s is a %s, unless the target accepts it', (code, severity, whole, accepting, subject) => {
    const refused = plan(whole, target());
    expect(refused.issues).toEqual([expect.objectContaining({ code, severity })]);
    expect(refused.issues[0]!.subject).toBe(subject);
    expect(refused.issues[0]!.message).toMatch(/\.$/);
    expect(refused.lossless).toBe(severity === 'note');
    expect(refused.possible).toBe(severity !== 'blocker');
    expect(plan(whole, target(accepting)).issues).toEqual([]);
  });

  it('no model at all is not one model', () => {
    expect(codes(plan(archive('s', {}), target()).issues)).toEqual(['blocker many-models']);
  });

  it('a format without a writer', () => {
    expect(plan(plain, stub('reader'))).toMatchObject({
      issues: [{ code: 'no-writer', severity: 'blocker' }],
      possible: false,
    });
  });

  it('what the writer itself finds', () => {
    const issue = { severity: 'blocker', code: 'own', message: 'No.' } as const;
    expect(
      plan(
        plain,
        target({}, () => [issue] as unknown as never[]),
      ),
    ).toMatchObject({ issues: [issue], possible: false });
  });
});

it('names each tensor that does not fit, and its model', () => {
  const whole = archive('s', { models: [model([tensor('a', 'I8'), tensor('b'), tensor('c', 'U8')])] });
  expect(plan(whole, target()).issues.map(({ subject }) => subject)).toEqual(['a', 'c']);
});

it('does not ask the writer about types that it does not accept', () => {
  const never = target({}, () => {
    throw new Error('was asked');
  });
  const strange = archive('source', { models: [model([tensor('w', 'I2', [4])])] });
  expect(codes(plan(strange, never).issues)).toEqual(['blocker dtype']);
  expect(() => plan(plain, never)).toThrow('was asked');
});
