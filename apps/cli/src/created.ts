import { UsageError } from './usage.ts';
import type { World } from './world.ts';

/** When the result is said to be made: --created decides, then SOURCE_DATE_EPOCH; otherwise nothing is said. */
export function parseCreated(text: string | undefined, world: World): Date | undefined {
  if (text === 'now') return new Date(world.now());
  if (text !== undefined) {
    const date = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/.test(text)
      ? new Date(text)
      : undefined;
    if (date === undefined || Number.isNaN(date.getTime())) {
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
