import { locateError, TorshError } from '@torsh/bytes';
import type { Archive } from './archive.ts';
import { detect } from './detect.ts';
import type { Context, Format, Input } from './format.ts';
import { misnamed } from './misnamed.ts';

/** Finds the format of an input, unless it is said, and opens it in a context that exists already. */
export async function openIn(
  input: Input,
  formats: readonly Format[],
  context: Context,
  from?: string,
): Promise<Archive> {
  return openAs(await formatOf(input, formats, context, from), input, context);
}

/** The format of an input: the one that is said, else the one that claims it. */
export async function formatOf(
  input: Input,
  formats: readonly Format[],
  context: Context,
  from?: string,
): Promise<Format> {
  return from === undefined ? detect(input, formats, context) : formatNamed(from, formats);
}

/** Opens an input as one format. The border where errors learn the format's name. */
export async function openAs(format: Format, input: Input, context: Context): Promise<Archive> {
  if (format.reader === undefined) {
    throw new TorshError('unsupported', `torsh writes ${format.title} but does not read it.`, {
      format: format.id,
    });
  }
  const note = input.entry === undefined ? undefined : misnamed(input.entry, format);
  if (note !== undefined) context.report(note);
  try {
    return await format.reader.open(input, context);
  } catch (error) {
    throw locateError(error, { format: format.id, path: input.entry });
  }
}

/** The format with this id, or an error that lists those there are. */
export function formatNamed(id: string, formats: readonly Format[]): Format {
  const format = formats.find((each) => each.id === id);
  if (format === undefined) {
    throw new TorshError(
      'unsupported',
      `There is no format "${id}"; there are ${formats.map((each) => each.id).join(', ')}.`,
    );
  }
  return format;
}
