import { UsageError } from './usage.ts';
import type { World } from './world.ts';

/** When the result is said to be made: --created decides, then SOURCE_DATE_EPOCH; otherwise nothing is said. */
export function parseCreated(text: string | undefined, world: World): Date | undefined {
  if (text === 'now') return new Date(world.now());
  if (text !== undefined) {
    const [, day] = /^(\d{4}-\d{2}-\d{2})(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/.exec(text) ?? [];
    const date = day === undefined ? undefined : new Date(text);
    if (date === undefined || Number.isNaN(date.getTime()) || !isDay(day!)) {
      throw new UsageError(
        `--created ${text}: write "now" or a date such as 2026-01-31 or 2026-01-31T12:00:00Z.`,
      );
    }
    return date;
  }
  const epoch = world.env.SOURCE_DATE_EPOCH;
  if (epoch === undefined || epoch === '') return undefined;
  const date = new Date(Number(epoch) * 1000);
  if (!/^\d+$/.test(epoch) || Number.isNaN(date.getTime())) {
    throw new UsageError(`SOURCE_DATE_EPOCH is "${epoch}"; it must be a number of seconds since 1970.`);
  }
  return date;
}

/** False for the 30th of February, of which `Date` makes a day in March. */
function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
