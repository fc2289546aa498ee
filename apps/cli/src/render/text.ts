/**
 * Everything that could steer a terminal or reorder what is read: control characters, invisible and bidirectional
 * marks, line and paragraph separators, halves of surrogate pairs, private characters.
 */
const STEERING = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;

/** A text that came from a file, a name or a system, fit to be printed: what could steer a terminal is spelled out. */
export function printable(text: string): string {
  return text.replace(STEERING, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** JSON that is safe to print too; the escapes are JSON's own, so its value is the same. */
export function formatJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2).replace(STEERING, (character) =>
    character === '\n' ? character : escapeUnits(character),
  )}\n`;
}

function escapeUnits(character: string): string {
  let escaped = '';
  for (let index = 0; index < character.length; index++) {
    escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}
