import type { ByteSource } from '@torsh/bytes';
import { type Context, type Drawing, entrySource, type Finding, type Input, type Summary } from '@torsh/core';
import { checkModel } from './check/check.ts';
import { drawModel } from './graph/draw.ts';
import { locateModel } from './locate.ts';
import { decodeModel } from './message/decode.ts';
import type { ModelProto } from './schema/message.ts';
import { summarise as summariseModel } from './summary/summary.ts';

/** Holds the model of an input against all rules. Files that it names are looked for beside it. */
export async function validate(
  given: Input,
  context: Context,
  found: (finding: Finding) => void,
): Promise<void> {
  const { model, source, input } = await look(given, context);
  const { signal } = context;
  const folder = input.entry!.slice(0, input.entry!.lastIndexOf('/') + 1);
  const sizeOf = async (path: string): Promise<number | undefined> =>
    (await input.files.open(`${folder}${path}`, { signal }))?.size;
  await checkModel(model, { source, signal, sizeOf, found });
}

/** Counts what is in the model of an input. */
export async function summarise(given: Input, context: Context): Promise<Summary> {
  const { model, source } = await look(given, context);
  return summariseModel(model, source, context.signal);
}

/** Draws the graph of the model of an input, or a part of it. */
export async function draw(given: Input, context: Context, part?: string): Promise<Drawing> {
  const { model, source } = await look(given, context);
  return drawModel(model, { source, signal: context.signal, part });
}

async function look(
  given: Input,
  context: Context,
): Promise<{ readonly model: ModelProto; readonly source: ByteSource; readonly input: Input }> {
  const input = await locateModel(given, context);
  const source = (await entrySource(input, context))!;
  return { model: await decodeModel(source, context), source, input };
}
