import { TorshError } from '@torsh/bytes';
import type { Context, Format, Input, Match } from './format.ts';
import { describeStranger } from './stranger.ts';

interface Claim {
  readonly format: Format;
  readonly match: Match;
}

/** Asks every format, in no order that matters. None is `unsupported`; two equally sure strangers are `ambiguous`. */
export async function detect(input: Input, formats: readonly Format[], context: Context): Promise<Format> {
  const claims: Claim[] = [];
  for (const format of formats) {
    const match = await format.detect(input, context);
    if (match !== undefined) claims.push({ format, match });
  }
  const certain = claims.filter(({ match }) => match.confidence === 'certain');
  const strongest = certain.length > 0 ? certain : claims;
  const best = strongest.filter(
    ({ format }) => !strongest.some((other) => refines(other.format, format, formats)),
  );
  const [first, second] = best;
  if (first === undefined) {
    throw new TorshError('unsupported', await describeStranger(input, formats, context), {
      path: input.entry,
    });
  }
  if (second !== undefined) {
    throw new TorshError(
      'ambiguous',
      `This could be ${best.map(({ format, match }) => `${format.id} (${match.reason})`).join(' or ')}. Say which with --from <format>.`,
      { path: input.entry },
    );
  }
  return first.format;
}

/** True where `finer` refines `broader`, directly or through others. */
function refines(finer: Format, broader: Format, formats: readonly Format[]): boolean {
  const seen = new Set<string>();
  let id = finer.refines;
  while (id !== undefined && !seen.has(id)) {
    if (id === broader.id) return true;
    seen.add(id);
    id = formats.find((format) => format.id === id)?.refines;
  }
  return false;
}
