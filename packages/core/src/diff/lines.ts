/** Lines that a text lost, and lines that it won. */
export interface LineDifference {
  readonly removed: number;
  readonly added: number;
}

/** So many changed lines are found with certainty; of more, moved lines are not told from unchanged ones. */
const MOST_CHANGES = 2000;

/** Counts changed lines as `diff` does: the fewest that turn one text into the other. */
export function compareLines(a: string, b: string): LineDifference {
  let [before, after] = [a.split('\n'), b.split('\n')];
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  before = before.slice(start, before.length - end);
  after = after.slice(start, after.length - end);
  const changes = fewestChanges(before, after) ?? changesOfSets(before, after);
  const added = (changes + after.length - before.length) / 2;
  return { removed: changes - added, added };
}

/** The greedy algorithm of Myers, without the way: how many lines are removed or added. */
function fewestChanges(a: readonly string[], b: readonly string[]): number | undefined {
  const most = Math.min(a.length + b.length, MOST_CHANGES);
  const reach = new Int32Array(2 * most + 3);
  const middle = most + 1;
  for (let changes = 0; changes <= most; changes++) {
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      const at = middle + diagonal;
      const down = diagonal === -changes || (diagonal !== changes && reach[at - 1]! < reach[at + 1]!);
      let x = down ? reach[at + 1]! : reach[at - 1]! + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      reach[at] = x;
      if (x >= a.length && x - diagonal >= b.length) return changes;
    }
  }
  return undefined;
}

/** Lines that are in one but not in the other, each as often as it is. */
function changesOfSets(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of a) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of b) counts.set(line, (counts.get(line) ?? 0) - 1);
  let changes = 0;
  for (const count of counts.values()) changes += Math.abs(count);
  return changes;
}
