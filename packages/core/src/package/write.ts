import { type ByteSink, type FileTreeSink, TorshError } from '@torsh/bytes';
import type { Archive } from '../archive.ts';
import type { Context } from '../format.ts';
import { plan } from '../plan.ts';
import { type TorshOptions, torsh } from '../torsh/index.ts';

/** What was written. */
export interface Written {
  /** Bytes of the file. */
  readonly bytes: number;
}

/** Builds an archive, writes it as a .torsh file and ends the sink: closed when the file is whole, aborted where it cannot be. */
export async function writePackage(
  build: (context: Context) => Promise<Archive>,
  sink: ByteSink,
  context: Context,
  options: TorshOptions,
): Promise<Written> {
  const format = torsh(options);
  const output: FileTreeSink = {
    create: async () => sink,
    close: async () => {},
    abort: (reason) => sink.abort(reason),
  };
  try {
    const archive = await build(context);
    const blocker = plan(archive, format, context.limits).issues.find(
      ({ severity }) => severity === 'blocker',
    );
    if (blocker !== undefined) throw new TorshError('unsupported', blocker.message, { format: 'torsh' });
    context.signal.throwIfAborted();
    await format.writer!.write(archive, output, 'package.torsh', context);
  } catch (error) {
    await sink.abort(error).catch(() => undefined);
    throw error;
  }
  return { bytes: sink.position };
}
