import { locateError, TorshError } from '@torsh/bytes';
import { createContext, type Options } from './context.ts';
import type { Drawing, Input } from './format.ts';
import { formatOf } from './open-in.ts';

export interface DrawOptions extends Options {
  readonly from?: string | undefined;
  /** A part of the graph, by the names that its format gives to parts. */
  readonly part?: string | undefined;
}

/** The graph of a model, or a part of it, as text in the language of Graphviz. */
export async function draw(input: Input, options: DrawOptions): Promise<Drawing> {
  const context = createContext(options);
  const format = await formatOf(input, options.formats, context, options.from);
  if (format.draw === undefined) {
    const message = `A file of the format ${format.id} (${format.title}) has no graph that torsh can draw.`;
    throw new TorshError('unsupported', message, { format: format.id });
  }
  try {
    return await format.draw(input, context, options.part);
  } catch (error) {
    throw locateError(error, { format: format.id, path: input.entry });
  }
}
