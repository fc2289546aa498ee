/** A stretch of a file. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** What is left of a file of a size when ranges are taken out of it; ranges may overlap. */
export function gapsIn(size: number, ranges: Iterable<Range>): Range[] {
  const gaps: Range[] = [];
  let end = 0;
  for (const { offset, length } of [...ranges].sort((a, b) => a.offset - b.offset)) {
    if (length === 0) continue;
    if (offset > end) gaps.push({ offset: end, length: offset - end });
    end = Math.max(end, offset + length);
  }
  if (size > end) gaps.push({ offset: end, length: size - end });
  return gaps;
}
