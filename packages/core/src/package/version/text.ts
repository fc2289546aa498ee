import { defaultLimits, type Limits, TorshError } from '@torsh/bytes';

/** Refuses a text that is longer than any version or requirement that a person would write. */
export function checkLength(text: string, what: string, { versionText }: Limits = defaultLimits): void {
  if (text.length <= versionText) return;
  const message = `This ${what} has ${text.length} characters, more than ${versionText} (limit versionText).`;
  throw new TorshError('limit', message);
}

/** The error of a text that does not follow its grammar; the text is quoted so that control characters are seen. */
export function flawed(text: string, what: string, flaw: string): TorshError {
  return new TorshError('malformed', `${JSON.stringify(text)} is not ${what}: ${flaw}.`);
}

/** Orders two texts of decimal digits by their value, whatever their size. */
export function compareDigits(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return Math.sign(left.length - right.length) || compareText(left, right);
}

/** Orders two texts by their code units. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
