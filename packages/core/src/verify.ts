import { locateError, type TorshError } from '@torsh/bytes';
import { type Archive, tensorsOf } from './archive.ts';
import { createContext, type Options } from './context.ts';
import { digestEach } from './digest-each.ts';
import type { Context, Input } from './format.ts';
import { formatOf, openAs } from './open-in.ts';

/** What a verification found. */
export interface Verification {
  readonly format: string;
  readonly tensors: number;
  readonly bytes: number;
  /** Empty for a sound file. */
  readonly damages: readonly TorshError[];
}

/** Reads every byte of a model and compares it with whatever the file says of it. */
export async function verify(
  input: Input,
  options: Options & { from?: string | undefined },
): Promise<Verification> {
  const context = createContext(options);
  const format = await formatOf(input, options.formats, context, options.from);
  const archive = await openAs(format, input, context);
  const damages: TorshError[] = [];
  const located = (error: unknown): unknown => locateError(error, { format: format.id, path: input.entry });
  const damaged = (error: TorshError): void => void damages.push(located(error) as TorshError);
  try {
    if (format.reader!.check !== undefined) await format.reader!.check(input, context, damaged);
    else await readEverything(archive, context, damaged);
  } catch (error) {
    throw located(error);
  }
  const tensors = [...tensorsOf(archive)];
  const bytes = tensors.reduce((sum, [, { data }]) => sum + data.size, 0);
  return { format: format.id, tensors: tensors.length, bytes, damages };
}

/** Reads all tensors and resources; what a source expects of its bytes is compared on the way. */
async function readEverything(
  archive: Archive,
  context: Context,
  damaged: (error: TorshError) => void,
): Promise<void> {
  const sources = [
    ...Array.from(tensorsOf(archive), ([, { data }]) => data),
    ...Array.from(archive.resources.values(), ({ data }) => data),
  ];
  await digestEach(sources, context, damaged);
}
