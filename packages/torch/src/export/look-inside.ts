import { type ByteSource, isTorshError, readAll } from '@torsh/bytes';
import { type Context, head } from '@torsh/core';
import { scan } from '@torsh/pickle';
import { type Report, reportGlobals, reportSpelling } from '../object/report.ts';
import { containerIn } from '../open-checkpoint.ts';

/** Objects that were pickled without a container around them. */
const BARE = /(^|\/)opaque_obj_[^/]*$|\.(pkl|pickle)$/;
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const PROTO = 0x80;

/** Looks into one resource after another. */
export type LookInside = (path: string, source: ByteSource) => Promise<void>;

/**
 * Says which classes and functions the pickles in resources name. Resources stay as they are, byte for byte, so what
 * cannot be read in them is a note; but whoever gives them to Python should know what that would call.
 */
export function lookingInside(context: Context, report: Report, fileBytes: number): LookInside {
  const { limits } = context;
  // Pickles that are deflated in a ZIP that is deflated itself may be of any size.
  let left = fileBytes * limits.expansionRatio + limits.expandedBytes;
  const unread = (path: string, why: string): void =>
    report('unread-resource', `${path} is kept as it is and was not read to its end: ${why}`, path);

  const lookIntoPickle: LookInside = async (path, source) => {
    left -= source.size;
    if (left < 0) {
      unread(path, 'it is out of proportion to the file (limits expandedBytes and expansionRatio).');
      return;
    }
    const bytes = await readAll(source, limits.pickleBytes, context);
    const { globals, notes, error } = scan(bytes, limits);
    // Up to protocol 2, names may be those of Python 2.
    const protocol = bytes[0] === PROTO ? (bytes[1] ?? 0) : 0;
    reportGlobals({ globals, protocol }, path, report);
    reportSpelling({ notes }, path, report);
    if (error !== undefined) unread(path, error.message);
  };

  const lookIntoZip: LookInside = async (path, source) => {
    const { names, record } = await containerIn(source, path, context);
    for (const name of [...names()].filter((each) => each.endsWith('.pkl')))
      await lookIntoPickle(`${path}/${name}`, record(name)!);
  };

  return async (path, source) => {
    try {
      const first = (await head(source, 4, context)).slice();
      if (ZIP.every((byte, index) => first[index] === byte)) await lookIntoZip(path, source);
      else if (BARE.test(path) || (first[0] === PROTO && first[1]! > 0 && first[1]! <= 5))
        await lookIntoPickle(path, source);
    } catch (error) {
      if (!isTorshError(error)) throw error;
      unread(path, error.message);
    }
  };
}
