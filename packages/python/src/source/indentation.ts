import { SyntaxFailure } from './failure.ts';

/** How far a line is indented, with tabs to the next multiple of eight and with tabs as one: both must agree. */
export interface Column {
  readonly wide: number;
  readonly narrow: number;
}

/** As deep as CPython lets blocks nest. */
const MAX_LEVELS = 100;

/** Measures the white space at the start of a line. A backslash joins lines, and the first one counts. */
export function measure(source: string, start: number): { column: Column; end: number } {
  let at = start;
  let wide = 0;
  let narrow = 0;
  let first: Column | undefined;
  for (; ; at++) {
    const char = source[at];
    if (char === ' ') [wide, narrow] = [wide + 1, narrow + 1];
    else if (char === '\t') [wide, narrow] = [(Math.floor(wide / 8) + 1) * 8, narrow + 1];
    else if (char === '\f') [wide, narrow] = [0, 0];
    else if (char === '\\' && source[at + 1] === '\n') {
      if (wide > 0) first ??= { wide, narrow };
      at++;
      if (at + 1 === source.length) throw new SyntaxFailure('unexpected EOF while parsing', at);
    } else return { column: first ?? { wide, narrow }, end: at };
  }
}

/** What a line's column means for the open blocks: one more, or how many fewer. Changes the list of blocks. */
export function indent(blocks: Column[], column: Column, offset: number): number {
  const same = (block: Column | undefined) => {
    const { wide, narrow } = block ?? { wide: 0, narrow: 0 };
    if (wide !== column.wide) return false;
    if (narrow !== column.narrow) throw inconsistent(offset);
    return true;
  };
  const current = blocks.at(-1);
  if (same(current)) return 0;
  if (column.wide > (current?.wide ?? 0)) {
    if (column.narrow <= (current?.narrow ?? 0)) throw inconsistent(offset);
    if (blocks.length + 1 >= MAX_LEVELS) throw new SyntaxFailure('too many levels of indentation', offset);
    blocks.push(column);
    return 1;
  }
  let closed = 0;
  while (blocks.length > 0 && column.wide < (blocks.at(-1)?.wide ?? 0)) {
    blocks.pop();
    closed--;
  }
  if (!same(blocks.at(-1))) {
    throw new SyntaxFailure('unindent does not match any outer indentation level', offset);
  }
  return closed;
}

function inconsistent(offset: number): SyntaxFailure {
  return new SyntaxFailure('inconsistent use of tabs and spaces in indentation', offset);
}
