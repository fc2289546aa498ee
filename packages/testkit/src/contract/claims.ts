import { expect, it } from 'vitest';
import { testContext } from '../context.ts';
import { inputOf } from '../samples.ts';
import { type FormatTests, nobody } from './format-tests.ts';

/** A format claims its own and leaves strangers alone, whatever they are. */
export function testClaims({ format, good, others }: FormatTests): void {
  it.each(good.map((sample) => [sample.name, sample] as const))('claims %s', async (_, sample) => {
    const match = await format.detect(inputOf(sample), testContext());
    expect(match?.confidence).toMatch(/^(certain|likely)$/);
    expect(match?.reason).toMatch(/\S/);
  });

  it('leaves the files of others alone', async () => {
    const claimed: string[] = [];
    for (const sample of [...others, ...nobody, { name: 'an empty folder', files: new Map() }]) {
      if ((await format.detect(inputOf(sample), testContext())) !== undefined) claimed.push(sample.name);
    }
    expect(claimed).toEqual([]);
  });
}
