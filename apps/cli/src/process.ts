import type { World } from './world.ts';

/** What is needed of Node's `process`. */
type Process = Pick<NodeJS.Process, 'stdout' | 'stderr' | 'env' | 'cwd' | 'on' | 'exit' | 'exitCode'>;

/** The world of a real process: its streams, and an end by Ctrl-C that leaves nothing behind. */
export function worldOf(process: Process): World {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Who asks twice does not want to wait.
      if (interruption.signal.aborted) process.exit(130);
      interruption.abort(new Error(`interrupted by ${signal}`));
    });
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `torsh inspect … | head`: nobody reads any more, and that is no mistake.
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    process.stderr.write(`torsh: standard output cannot be written: ${error.message}\n`);
    process.exit(6);
  });
  process.stderr.on('error', () => {});
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signal: interruption.signal,
    now: () => Date.now(),
  };
}
