import type { Context, Progress } from './format.ts';

/** Adds up the bytes of one stage and tells the caller of each step: what `transfer` and `digest` take as `progress`. */
export function counting(
  context: Pick<Context, 'progress'>,
  stage: Progress['stage'],
  parts: Iterable<{ readonly size: number }>,
): (bytes: number) => void {
  let total = 0;
  for (const { size } of parts) total += size;
  let done = 0;
  return (bytes) => {
    done += bytes;
    context.progress({ stage, done, total });
  };
}
