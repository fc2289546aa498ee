const POWERS: Readonly<Record<string, number>> = { '': 0, kib: 1, mib: 2, gib: 3, tib: 4 };

/** A whole number such as `1000`, `1_000` or `4GiB`; `undefined` for anything else. */
export function parseSize(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d[\d_]*) ?([a-z]*)$/i.exec(text) ?? [];
  const power = POWERS[unit.toLowerCase()];
  if (digits === '' || power === undefined) return undefined;
  const size = Number(digits.replaceAll('_', '')) * 1024 ** power;
  return Number.isSafeInteger(size) ? size : undefined;
}
