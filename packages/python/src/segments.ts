/** A pattern of one segment: text in which each star stands for any run of characters, or `**` for any segments. */
export type SegmentPattern =
  | { readonly any: true }
  | { readonly any: false; readonly pieces: readonly string[] };

/**
 * Whether a list of segments matches a list of segment patterns.
 *
 * The set of places in the pattern that can be reached is carried from segment to segment, so each pattern is asked at
 * most once for each segment, however many `**` there are. A regular expression would go back and try again.
 */
export function matchSegments(
  patterns: readonly SegmentPattern[],
  segments: readonly string[],
  accepts: (pattern: SegmentPattern, segment: string) => boolean = matchSegment,
): boolean {
  // reached[i]: the first i patterns can match what has been read so far
  let reached = skipAny(patterns, new Uint8Array(patterns.length + 1).fill(1, 0, 1));
  for (const segment of segments) {
    const next = new Uint8Array(patterns.length + 1);
    for (const [at, pattern] of patterns.entries()) {
      if (reached[at] === 1 && accepts(pattern, segment)) next[pattern.any ? at : at + 1] = 1;
    }
    reached = skipAny(patterns, next);
    if (!reached.includes(1)) return false;
  }
  return reached[patterns.length] === 1;
}

/** `**` also stands for no segment at all. */
function skipAny(patterns: readonly SegmentPattern[], reached: Uint8Array): Uint8Array {
  for (const [at, pattern] of patterns.entries()) {
    if (pattern.any && reached[at] === 1) reached[at + 1] = 1;
  }
  return reached;
}

/** Whether one pattern takes one segment. The leftmost place for each piece is as good as any other. */
export function matchSegment(pattern: SegmentPattern, segment: string): boolean {
  if (pattern.any) return segment !== '';
  const { pieces } = pattern;
  const first = pieces[0] ?? '';
  if (pieces.length === 1) return segment === first;
  const last = pieces.at(-1) ?? '';
  const end = segment.length - last.length;
  if (first.length > end || !segment.startsWith(first) || !segment.endsWith(last)) return false;
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = segment.indexOf(piece, from);
    if (at < 0 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}
