import { SyntaxFailure } from './failure.ts';

/** Where a number ends, and what it is if it is a small integer. */
export interface ScannedNumber {
  readonly end: number;
  readonly imaginary: boolean;
  readonly value: number | undefined;
}

const decimal = (char: string) => char >= '0' && char <= '9';
const bases: Readonly<Record<string, (char: string) => boolean>> = {
  x: (char) => /^[0-9a-fA-F]$/.test(char),
  o: (char) => char >= '0' && char <= '7',
  b: (char) => char === '0' || char === '1',
};

/** Reads the number that begins at an offset. Letters that stick to it are refused, except for words such as `or`. */
export function scanNumber(source: string, start: number): ScannedNumber {
  const base = source[start] === '0' ? bases[(source[start + 1] ?? '').toLowerCase()] : undefined;
  if (base !== undefined) {
    const from = source[start + 2] === '_' ? start + 3 : start + 2;
    const end = digits(source, from, base);
    if (end === from) throw new SyntaxFailure('invalid number', start);
    return finish(source, start, end, true);
  }
  let end = digits(source, start, decimal);
  let integer = true;
  if (source[end] === '.') {
    integer = false;
    end = digits(source, end + 1, decimal);
  }
  const exponent = /^[eE][+-]?[0-9]/.exec(source.slice(end, end + 3));
  if (exponent !== null) {
    integer = false;
    end = digits(source, end + exponent[0].length - 1, decimal);
  }
  if (source[end] === 'j' || source[end] === 'J')
    return { ...finish(source, start, end + 1, false), imaginary: true };
  if (integer && source[start] === '0') refuseLeadingZero(source, start, end);
  return finish(source, start, end, integer);
}

/** The end of a run of digits with single underscores between them. */
function digits(source: string, start: number, digit: (char: string) => boolean): number {
  let at = start;
  for (;;) {
    while (digit(source[at] ?? '')) at++;
    if (source[at] !== '_' || at === start) return at;
    if (!digit(source[at + 1] ?? '')) throw new SyntaxFailure('invalid decimal literal', at);
    at++;
  }
}

function refuseLeadingZero(source: string, start: number, end: number): void {
  for (let at = start; at < end; at++) {
    if (source[at] !== '0' && source[at] !== '_') {
      throw new SyntaxFailure('leading zeros in decimal integer literals are not permitted', start);
    }
  }
}

function finish(source: string, start: number, end: number, integer: boolean): ScannedNumber {
  const next = source[end] ?? '';
  const sticks = /^[\w\u0080-\uffff]$/.test(next);
  if (sticks && !/^(?:and|else|for|i[fns]|not|or)/.test(source.slice(end, end + 4))) {
    throw new SyntaxFailure('invalid decimal literal', end);
  }
  const small = integer && end - start <= 15;
  return {
    end,
    imaginary: false,
    value: small ? Number(source.slice(start, end).replaceAll('_', '')) : undefined,
  };
}
