import { locateError } from '@torsh/bytes';
import { type Context, entrySource, type Input } from '@torsh/core';
import { lookInto } from './content.ts';
import { createLook } from './look.ts';
import type { Survey } from './report.ts';

/**
 * Finds every pickle in a file and every class and function that one of them names, without running any of it: in ZIPs
 * and tars, under any name, in each other, and in the bytes that pickles hold. It goes by bytes and containers and not
 * by formats, so it also says what is in files that no format opens. A folder is looked into file by file.
 */
export async function survey(input: Input, context: Context): Promise<Survey> {
  const source = await entrySource(input, context);
  if (source !== undefined) {
    const look = createLook(context, source.size, lookInto);
    try {
      await lookInto(source, '', 0, look);
    } catch (error) {
      throw locateError(error, { path: input.entry });
    }
    return look.done();
  }
  let bytes = 0;
  const paths: string[] = [];
  for await (const { path, size } of input.files.list(context)) {
    paths.push(path);
    bytes += size;
  }
  const look = createLook(context, bytes, lookInto);
  for (const path of paths.sort()) {
    const file = await input.files.open(path, context);
    if (file !== undefined) await look.into(file, path, 0);
  }
  return look.done();
}
