import { SyntaxFailure } from './failure.ts';

const START = /^[\p{XID_Start}_]$/u;
const CONTINUE = /^\p{XID_Continue}$/u;

/** Where the name that begins at an offset ends; the offset itself if none begins there. */
export function scanName(source: string, start: number): number {
  let at = start;
  for (;;) {
    const code = source.codePointAt(at);
    if (code === undefined) return at;
    if (code < 0x80) {
      if (!isAsciiNamePart(code) || (at === start && code <= 0x39)) return at;
      at++;
      continue;
    }
    const char = String.fromCodePoint(code);
    if (!(at === start ? START : CONTINUE).test(char)) {
      throw new SyntaxFailure(`invalid character U+${code.toString(16).toUpperCase().padStart(4, '0')}`, at);
    }
    at += char.length;
  }
}

function isAsciiNamePart(code: number): boolean {
  const letter = code | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f;
}
