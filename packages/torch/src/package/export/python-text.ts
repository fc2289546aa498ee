/** A text as Python's `repr` prints it, in the messages that torch makes of it. */
function pythonText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let written = '';
  for (const character of text) written += escaped(character, quote);
  return quote + written + quote;
}

/** A list of texts as Python prints it. */
export function pythonList(texts: readonly string[]): string {
  return `[${texts.map(pythonText).join(', ')}]`;
}

const SHORT: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string, quote: string): string {
  if (character === quote) return `\\${character}`;
  const short = SHORT[character];
  if (short !== undefined) return short;
  if (character === ' ' || !/[\p{C}\p{Z}]/u.test(character)) return character;
  const hex = (digits: number) => character.codePointAt(0)!.toString(16).padStart(digits, '0');
  const code = character.codePointAt(0)!;
  if (code < 0x100) return `\\x${hex(2)}`;
  return code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}

/** The order in which Python sorts texts: by code points, where JavaScript compares halves of them. */
export function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  const at = left.findIndex((character, index) => character !== right[index]);
  if (at < 0) return left.length - right.length;
  return right[at] === undefined ? 1 : left[at]!.codePointAt(0)! - right[at].codePointAt(0)!;
}
