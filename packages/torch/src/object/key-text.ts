import { defaultLimits } from '@torsh/bytes';
import { asBytes, asComplex, asSet, isKind, type PickleValue } from '@torsh/pickle';
import { nameOf } from './arguments.ts';

/**
 * How a dictionary key looks as a part of a name: a text as it is, anything else as Python would print it. What is
 * longer than a name may be is not printed to its end.
 */
export function keyText(key: PickleValue, longest: number = defaultLimits.nameBytes): string {
  return typeof key === 'string' ? key : pythonText(key, 0, { left: longest });
}

/** How many characters may still be printed; below 0 it is of no use to go on. */
interface Room {
  left: number;
}

function pythonText(value: PickleValue, depth: number, room: Room): string {
  const leaf = (text: string): string => {
    room.left -= text.length;
    return text;
  };
  const list = (items: readonly PickleValue[]): string => {
    const parts: string[] = [];
    for (const item of items) {
      if (room.left < 0) break;
      parts.push(pythonText(item, depth + 1, room));
      room.left -= 2;
    }
    return parts.join(', ');
  };
  if (depth > 4) return leaf('...');
  if (value === null) return leaf('None');
  if (value === true) return leaf('True');
  if (value === false) return leaf('False');
  if (typeof value === 'number') return leaf(String(value));
  if (typeof value === 'bigint') return leaf(integerText(value, room.left));
  if (typeof value === 'string') return leaf(quoted(value.slice(0, room.left + 1)));
  const bytes = asBytes(value);
  if (bytes !== undefined)
    return leaf(`b${quoted(Array.from(bytes.subarray(0, room.left + 1), byteText).join(''), true)}`);
  const complex = asComplex(value);
  if (complex !== undefined) return leaf(complexText(complex[0].value, complex[1].value));
  if (isKind(value, 'float')) return leaf(floatText(value.value));
  if (isKind(value, 'tuple'))
    return value.items.length === 1 ? `(${list(value.items)},)` : `(${list(value.items)})`;
  const set = asSet(value);
  if (set !== undefined) return `frozenset({${list(set.items)}})`;
  return leaf(nameOf(value) ?? (isKind(value, 'object') ? 'object' : 'value'));
}

/** Decimal digits take quadratic time, so a number that is too long for a name is not printed. */
function integerText(value: bigint, longest: number): string {
  return BigInt.asIntN(4 * longest + 64, value) === value ? String(value) : '?'.repeat(longest + 1);
}

/** Python drops a real part that is zero, and writes whole numbers without their point. */
function complexText(real: number, imaginary: number): string {
  const short = (value: number) => floatText(value).replace(/\.0$/, '');
  if (Object.is(real, 0)) return `${short(imaginary)}j`;
  const sign = imaginary < 0 || Object.is(imaginary, -0) ? '' : '+';
  return `(${short(real)}${sign}${short(imaginary)}j)`;
}

function quoted(text: string, escaped = false): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const safe = escaped ? text : text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `${quote}${quote === "'" ? safe.replaceAll("'", "\\'") : safe}${quote}`;
}

function byteText(byte: number): string {
  if (byte === 0x5c) return '\\\\';
  if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

/** Python writes 1.0 where JavaScript writes 1, and goes over to exponents at 10^16 and below 10^-4. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
