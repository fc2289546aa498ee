import { type Limits, TorshError } from '@torsh/bytes';
import type { Found, Listed } from './register.ts';
import { denseBytes } from './view.ts';

/** Refuses a file whose tensors would be out of proportion to it. */
export function checkGrowth(
  { found, extra }: Listed,
  fileBytes: number,
  lent: { readonly limits: Limits },
): void {
  const check = growthCheck(fileBytes, lent);
  check(found);
  check(extra?.found ?? []);
}

/** Counts the tensors of all objects of a file together: each alone may be in proportion to it. */
export function growthCheck(
  fileBytes: number,
  { limits }: { readonly limits: Limits },
): (found: Iterable<Found>) => void {
  const allowed = fileBytes * limits.expansionRatio + limits.expandedBytes;
  let total = 0;
  return (found) => {
    for (const { name, view } of found) {
      total += denseBytes(view);
      if (total > allowed) {
        throw new TorshError(
          'limit',
          `The file has ${fileBytes} bytes, but its tensors up to ${name} would have ${total}: it repeats a small storage many times over. Raise the limits expandedBytes or expansionRatio if that is meant.`,
          { path: view.storage.record },
        );
      }
    }
  };
}
