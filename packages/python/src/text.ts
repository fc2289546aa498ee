import { TorshError } from '@torsh/bytes';

/** Encodings for which the web has another meaning, or none, by the names that Python has for them. */
const LATIN1 = /^(latin-?1|latin_1|l1|iso-?8859-?1|iso_8859_1|8859|cp819)$/i;
const ASCII = /^(ascii|us-ascii|646)$/i;
/** Node 20 takes this one for Latin-1. */
const CP1252 = /^(cp-?1252|windows-?1252|1252)$/i;
const UTF8_SIG = /^utf[-_]?8[-_]sig$/i;
const UTF8 = /^(utf[-_]?8|u8|utf|cp65001)$/i;

/** What is done about bytes that are no text. */
export type TextErrors = 'strict' | 'replace';

/** Bytes as text. `encoding` has Python's names: `utf-8`, `latin-1`, `ascii`, and those that browsers know. */
export function decodeText(bytes: Uint8Array, encoding = 'utf-8', errors: TextErrors = 'strict'): string {
  if (LATIN1.test(encoding)) return narrow(bytes, (byte) => byte, encoding, errors);
  if (ASCII.test(encoding)) return narrow(bytes, (byte) => (byte < 0x80 ? byte : NONE), encoding, errors);
  if (CP1252.test(encoding)) return narrow(bytes, fromCp1252, encoding, errors);
  const label = UTF8_SIG.test(encoding) || UTF8.test(encoding) ? 'utf-8' : encoding.replaceAll('_', '-');
  // Python keeps the mark of UTF-8 as a character, unless it is asked to take it off.
  const ignoreBOM = label === 'utf-8' && !UTF8_SIG.test(encoding);
  let decoder: { decode(bytes: Uint8Array): string };
  try {
    decoder = new TextDecoder(label, { fatal: errors === 'strict', ignoreBOM });
  } catch {
    throw new TypeError(`${encoding} is not the name of an encoding that is known here`);
  }
  try {
    return decoder.decode(bytes);
  } catch {
    throw notText(encoding);
  }
}

/** The mark of a byte that is no character. */
const NONE = 0xfffd;

/** What the bytes from 0x80 to 0x9f are in code page 1252; five of them are nothing. */
const FROM_0X80 = '€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ';

function fromCp1252(byte: number): number {
  return byte < 0x80 || byte > 0x9f ? byte : FROM_0X80.charCodeAt(byte - 0x80);
}

/** Encodings with a character for each byte. */
function narrow(
  bytes: Uint8Array,
  character: (byte: number) => number,
  encoding: string,
  errors: TextErrors,
): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 4096) {
    const codes = Array.from(bytes.subarray(at, at + 4096), character);
    if (errors === 'strict' && codes.includes(NONE)) throw notText(encoding);
    parts.push(String.fromCharCode(...codes));
  }
  return parts.join('');
}

function notText(encoding: string): TorshError {
  return new TorshError('malformed', `The bytes are not text in ${encoding}.`);
}

/** A line that says in which encoding a Python source is. */
const COOKIE = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
const BLANK = /^[ \t\f]*(#.*)?$/;

/** The source of a Python module as text: its encoding is what one of its first two lines says, its lines end in `\n`. */
export function decodeSource(bytes: Uint8Array): string {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const text = decodeText(
    marked ? bytes.subarray(3) : bytes,
    marked ? 'utf-8' : (cookieOf(bytes) ?? 'utf-8'),
  );
  return text.replace(/\r\n?/g, '\n');
}

/** Text as Python's `linecache` keeps it in lines: the last one ends, too. It is what torch puts into a package. */
export function wholeLines(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** The encoding that a comment in the first line names, or in the second where the first is empty or a comment. */
function cookieOf(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 1024));
  const [first = '', second = ''] = start.split(/\r\n|\r|\n/, 2);
  const named = COOKIE.exec(first) ?? (BLANK.test(first) ? COOKIE.exec(second) : null);
  return named?.[1];
}
