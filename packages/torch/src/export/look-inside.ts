import { type ByteSource, isTorshError, readAll } from '@torsh/bytes';
import { type Context, head } from '@torsh/core';
import { scan } from '@torsh/pickle';
import { type Report, reportGlobals, reportSpelling } from '../object/report.ts';
import { containerIn } from '../open-checkpoint.ts';

/** Objects that were pickled without a container around them. */
const BARE = /(^|\/)opaque_obj_[^/]*$|\.(pkl|pickle)$/;
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const PROTO = 0x80;

/**
 * Says which classes and functions the pickles in a resource name. The resource stays as it is, byte for byte, so what
 * cannot be read in it is a note; but whoever gives it to Python should know what that would call.
 */
export async function lookInside(
  path: string,
  source: ByteSource,
  context: Context,
  report: Report,
): Promise<void> {
  const first = await head(source, 4, context);
  if (ZIP.every((byte, index) => first[index] === byte)) await lookIntoZip(path, source, context, report);
  else if (BARE.test(path) || (first[0] === PROTO && first[1]! > 0 && first[1]! <= 5))
    await lookIntoPickle(path, source, context, report);
}

async function lookIntoZip(
  path: string,
  source: ByteSource,
  context: Context,
  report: Report,
): Promise<void> {
  const unread = (why: string) =>
    report('unread-resource', `${path} is kept as it is and was not looked into: ${why}`, path);
  try {
    const { names, record } = await containerIn(source, path, context);
    for (const name of names().filter((each) => each.endsWith('.pkl')))
      await lookIntoPickle(`${path}/${name}`, record(name)!, context, report);
  } catch (error) {
    if (!isTorshError(error)) throw error;
    unread(error.message);
  }
}

async function lookIntoPickle(
  path: string,
  source: ByteSource,
  context: Context,
  report: Report,
): Promise<void> {
  const bytes = await readAll(source, context.limits.pickleBytes, context);
  const { globals, notes, error } = scan(bytes, context.limits);
  // Up to protocol 2, names may be those of Python 2.
  const protocol = bytes[0] === PROTO ? (bytes[1] ?? 0) : 0;
  reportGlobals({ globals, protocol }, path, report);
  reportSpelling({ notes }, path, report);
  if (error !== undefined)
    report(
      'unread-resource',
      `${path} is kept as it is; its pickle could not be read to its end: ${error.message}`,
      path,
    );
}
