/** The command line itself is wrong: what is wrong, and optionally what was probably meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** What to type behind `torsh` to read more; absent where the message says all there is to say. */
  readonly help: string | undefined;

  constructor(message: string, help?: string) {
    super(message);
    this.help = help;
  }
}

/** ` Did you mean …?` where one of the known words is near enough to the given one, else nothing. */
export function suggestion(
  word: string,
  known: Iterable<string>,
  show = (near: string): string => near,
): string {
  const near = nearest(word, known);
  return near === undefined ? '' : ` Did you mean ${show(near)}?`;
}

/** The known word with the fewest typing mistakes between it and the given one; at most a third may be wrong. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const mistakes = distance(word.toLowerCase(), candidate.toLowerCase(), least);
    const begins = word.length > 1 && candidate.startsWith(word) ? Math.min(mistakes, 0.5) : mistakes;
    if (begins < least) [best, least] = [candidate, begins];
  }
  return best;
}

/** Insertions, deletions, changes and swaps of neighbours; gives up at `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit && !b.startsWith(a)) return limit;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : change;
      next.push(Math.min(change, swap, row[j]! + 1, next[j - 1]! + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
