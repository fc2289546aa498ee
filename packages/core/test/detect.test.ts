import { expect, it } from 'vitest';
import { detect, type Format } from '../src/index.ts';
import { contextOf, inputOf, stub } from './support.ts';

const claims = (id: string, confidence: 'certain' | 'likely', refines?: string): Format =>
  stub(id, { refines, detect: async () => ({ confidence, reason: `because of ${id}` }) });

const input = inputOf('anything', 'a.bin');

/** All orders of a list: the answer must be the same for each. */
function orders<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((first, at) =>
    orders(list.filter((_, index) => index !== at)).map((rest) => [first, ...rest]),
  );
}

it.each([
  ['the only claim', [claims('a', 'likely'), stub('b')], 'a'],
  ['the certain one', [claims('a', 'likely'), claims('b', 'certain'), claims('c', 'likely')], 'b'],
  ['the finer one', [claims('broad', 'certain'), claims('fine', 'certain', 'broad')], 'fine'],
  [
    'the finest one',
    [claims('broad', 'certain'), claims('fine', 'certain', 'broad'), claims('finest', 'certain', 'fine')],
    'finest',
  ],
  [
    'the finer one, through a silent one',
    [claims('broad', 'likely'), stub('fine', { refines: 'broad' }), claims('finest', 'likely', 'fine')],
    'finest',
  ],
  [
    'the certain one, before a finer one that is not sure',
    [claims('broad', 'certain'), claims('fine', 'likely', 'broad')],
    'broad',
  ],
] as const)('chooses %s, in any order', async (_, formats, id) => {
  for (const order of orders(formats)) expect((await detect(input, order, contextOf())).id).toBe(id);
});

it('two equally sure strangers are ambiguous, with both reasons', async () => {
  for (const order of orders([claims('a', 'certain'), claims('b', 'certain'), claims('c', 'likely')])) {
    const error = await detect(input, order, contextOf()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ambiguous', path: 'a.bin' });
    expect((error as Error).message).toMatch(/because of a.*because of b|because of b.*because of a/);
    expect((error as Error).message).not.toContain('because of c');
  }
});

it('formats that refine each other end nowhere, but end', async () => {
  const circle = [claims('a', 'certain', 'b'), claims('b', 'certain', 'a')];
  await expect(detect(input, circle, contextOf())).rejects.toMatchObject({ code: 'unsupported' });
});

it('nobody’s file is unsupported', async () => {
  await expect(detect(input, [stub('a')], contextOf())).rejects.toMatchObject({
    code: 'unsupported',
    path: 'a.bin',
  });
  await expect(detect(input, [], contextOf())).rejects.toMatchObject({ code: 'unsupported' });
});

it('says of a ZIP that no format can open what is wrong with it', async () => {
  const zip = 'PK\x03\x04'.padEnd(100, '\0');
  await expect(detect(inputOf(zip, 'a.bin'), [stub('a')], contextOf())).rejects.toMatchObject({
    code: 'truncated',
  });
});
