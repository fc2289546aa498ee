/** Text without halves of surrogate pairs: Python's texts may have them, but they cannot be written as UTF-8. */
export function wellFormed(text: string): string {
  return text.toWellFormed();
}
