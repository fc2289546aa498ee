import { toFiles } from '@torsh/bytes';
import { tensorsOf } from '@torsh/core';
import { expect, it } from 'vitest';
import { everythingOf } from '../archives.ts';
import { testContext } from '../context.ts';
import { inputOf } from '../samples.ts';
import { abortingSource } from '../sources.ts';
import type { FormatTests } from './format-tests.ts';

/** An abort at any read ends the work with the very reason that was given. */
export function testSignal({ format, good, options = {} }: FormatTests): void {
  const { reader, writer } = format;

  it.each(good.slice(0, 3).map((sample) => [sample.name, sample] as const))(
    'obeys the signal while it detects and opens %s',
    async (_, sample) => {
      for (const work of [format.detect, reader?.open]) {
        if (work === undefined) continue;
        let reads = 0;
        await work(
          inputOf(sample, (source) => {
            const read: typeof source.read = (...args) => {
              reads++;
              return source.read(...args);
            };
            return { size: source.size, read };
          }),
          testContext({}, options.formats),
        );
        for (let at = 1; at <= reads; at++) {
          const controller = new AbortController();
          const reason = { asked: at };
          const input = inputOf(sample, (source) => abortingSource(source, controller, reason, at));
          if (sample.files.size > 1 && at > 1) break;
          const context = testContext({ signal: controller.signal }, options.formats);
          await expect(work(input, context), `aborted at read ${at} of ${reads}`).rejects.toBe(reason);
        }
      }
    },
  );

  if (writer === undefined) return;
  it('obeys the signal while it writes', async () => {
    const whole = options.everything ?? everythingOf(writer.accepts);
    const first = [...tensorsOf(whole)].find(([, { data }]) => data.size > 0)![1];
    const controller = new AbortController();
    const reason = new Error('enough');
    const data = abortingSource(first.data, controller, reason);
    const changed = [...whole.models.values()].map((each) => ({
      ...each,
      tensors: new Map(
        [...each.tensors].map(([name, tensor]) => [
          name,
          tensor.name === first.name ? { ...tensor, data } : tensor,
        ]),
      ),
    }));
    const output = toFiles();
    const models = new Map(changed.map((each) => [each.name, each]));
    const writing = writer.write(
      { ...whole, models },
      output,
      `x${writer.suffix}`,
      testContext({ signal: controller.signal }),
    );
    await expect(writing).rejects.toBe(reason);
  });
}
