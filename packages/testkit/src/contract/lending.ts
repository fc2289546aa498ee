import { toFiles } from '@torsh/bytes';
import { expect, it } from 'vitest';
import { everythingOf, snapshot } from '../archives.ts';
import { testContext } from '../context.ts';
import { frozen } from '../frozen.ts';
import { inputOf } from '../samples.ts';
import { slowSource, volatileSource } from '../sources.ts';
import type { FormatTests } from './format-tests.ts';

/** What is lent is neither changed nor kept. */
export function testLending({ format, good, options = {} }: FormatTests): void {
  const { reader, writer } = format;
  if (reader !== undefined) {
    it.each(good.map((sample) => [sample.name, sample] as const))(
      'reads %s without changing or keeping what it was lent',
      async (_, sample) => {
        const context = testContext({}, options.formats);
        const before = new Map([...sample.files].map(([path, bytes]) => [path, bytes.slice()]));
        const plain = await snapshot(await reader.open(inputOf(sample), context), context);
        expect(sample.files).toEqual(before);
        // A place with one buffer overwrites what it lent at the next read; a far place answers late.
        const spoilt = await reader.open(inputOf(sample, volatileSource), context);
        expect(await snapshot(spoilt, context)).toEqual(plain);
        const late = await reader.open(
          inputOf(sample, (source) => slowSource(source)),
          context,
        );
        expect(await snapshot(late, context)).toEqual(plain);
      },
    );
  }
  if (writer !== undefined) {
    it('writes a frozen archive', async () => {
      const output = toFiles();
      await writer.write(
        frozen(options.everything ?? everythingOf(writer.accepts)),
        output,
        `x${writer.suffix}`,
        testContext(),
      );
      await output.close();
      expect(output.files().size).toBeGreaterThan(0);
    });
  }
}
