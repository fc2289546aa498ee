import { formatCount } from './number.ts';
import { printable } from './text.ts';

/** Names of a list that are shown before it is cut short. */
const SHOWN = 5;

/** The first few names of a list, and how many more there are. */
export function some(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  return `${names.slice(0, SHOWN).map(printable).join(', ')}${rest > 0 ? ` and ${formatCount(rest)} more` : ''}`;
}
