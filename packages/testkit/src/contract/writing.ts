import { toFiles } from '@torsh/bytes';
import { type Archive, type Format, plan } from '@torsh/core';
import { expect, it } from 'vitest';
import { everythingOf, snapshot } from '../archives.ts';
import { testContext } from '../context.ts';
import { inputOf, type Sample } from '../samples.ts';
import { failingTreeSink } from '../sinks.ts';
import type { FormatTests } from './format-tests.ts';

/** What a writer accepts it writes: the same bytes twice, which read back as what was written. */
export function testWriting({ format, good, options = {} }: FormatTests): void {
  const { writer, reader } = format;
  if (writer === undefined) return;
  const context = testContext({}, options.formats);

  const roundTrip = async (whole: Archive): Promise<void> => {
    const planned = plan(whole, format);
    expect(planned.issues.filter(({ severity }) => severity !== 'note')).toEqual([]);
    const first = await written(format, whole);
    const second = await written(format, whole);
    expect([...second.files]).toEqual([...first.files]);
    if (writer.layout === 'file') expect([...first.files.keys()]).toEqual([first.name]);
    if (reader === undefined) return;
    const back = await reader.open(inputOf(first), context);
    const kept = (await writer.keeps?.(whole, context.limits, first.name)) ?? whole;
    expect(await snapshot(back, context)).toEqual(await snapshot(kept, context));
    // What was read and is written again is the canonical form already.
    expect([...(await written(format, back)).files]).toEqual([...first.files]);
  };

  it('writes one of everything that it accepts, twice the same, and reads it back', async () => {
    await roundTrip(options.everything ?? everythingOf(writer.accepts));
  });

  for (const [index, whole] of (options.archives ?? []).entries()) {
    it(`writes archive ${index}, twice the same, and reads it back`, () => roundTrip(whole));
  }

  if (reader !== undefined && good.length > 0) {
    it.each(good.map((sample) => [sample.name, sample] as const))(
      'writes %s again, twice the same, and reads it back',
      async (_, sample) => roundTrip(await reader.open(inputOf(sample), context)),
    );
  }

  it('leaves no whole file behind where the sink fails, at any byte', async () => {
    const whole = options.everything ?? everythingOf(writer.accepts);
    const { files } = await written(format, whole);
    const total = [...files.values()].reduce((sum, { length }) => sum + length, 0);
    const last = [...files.keys()].at(-1)!;
    for (let at = 0; at <= total; at += at < 200 || at > total - 200 ? 1 : 97) {
      const error = new Error(`the disk is full at byte ${at}`);
      const sink = failingTreeSink(at, error);
      await expect(writer.write(whole, sink, `x${writer.suffix}`, testContext())).rejects.toBe(error);
      expect(sink.ended.get(last)).not.toBe('closed');
    }
  });
}

/** What a format makes of an archive. */
export async function written(format: Format, whole: Archive): Promise<Sample> {
  const name = `x${format.writer!.suffix}`;
  const output = toFiles();
  await format.writer!.write(whole, output, name, testContext());
  await output.close();
  const files = output.files();
  return { name, files, entry: files.has(name) ? name : undefined };
}
