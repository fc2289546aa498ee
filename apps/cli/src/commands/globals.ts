import { TorshError } from '@torsh/bytes';
import { createContext } from '@torsh/core';
import { survey } from '@torsh/torch';
import { EXIT } from '../exit.ts';
import { about, Failure } from '../failure.ts';
import type { Lent } from '../lend.ts';
import type { Located } from '../locate.ts';
import { coloursFor } from '../render/colour.ts';
import { formatGlobals, formatUnread } from '../render/globals.ts';
import { formatJson } from '../render/text.ts';
import type { World } from '../world.ts';

/** `torsh inspect --globals`: of any file, whether a format opens it or not. */
export async function runGlobals(place: Located, lent: Lent, world: World): Promise<number> {
  const context = createContext(lent.options);
  const found = await about(place.path, () => survey(place.input, context));
  lent.bar.clear();
  if (lent.json) world.stdout.write(formatJson({ pickles: found }));
  else world.stdout.write(formatGlobals(found, coloursFor(world.stdout, world.env)));
  if (!lent.json && !lent.quiet) world.stderr.write(formatUnread(found, coloursFor(world.stderr, world.env)));
  if (found.error === undefined) return EXIT.done;
  const { code, message, path, offset } = found.error;
  throw new Failure(place.path, new TorshError(code, message, { path, offset }));
}
