import fc from 'fast-check';
import { expect, it } from 'vitest';
import { join, split, UNORDERED, type Width } from '../../src/patch/planes.ts';

const forms = [
  { width: 1, shift: UNORDERED },
  { width: 2, shift: UNORDERED },
  { width: 2, shift: 7 },
  { width: 2, shift: 10 },
  { width: 4, shift: UNORDERED },
  { width: 4, shift: 23 },
] as const;

it.each(forms)('joins what it split: $width bytes, shift $shift', (form) => {
  const numbers = fc.uint8Array({ minLength: 0, maxLength: 64, size: 'max' });
  fc.assert(
    fc.property(numbers, numbers, fc.boolean(), (one, other, lone) => {
      const length = Math.floor(Math.min(one.length, other.length) / form.width) * form.width;
      const [target, base] = [one.slice(0, length), lone ? undefined : other.slice(0, length)];
      expect(join(split(target, base, form), base, form)).toEqual(target);
    }),
  );
});

it('folds differences so that small ones of either sign are small', () => {
  const planesOf = (width: Width, target: number[], base: number[]) =>
    split(Uint8Array.from(target), Uint8Array.from(base), { width, shift: UNORDERED }).map((plane) => [
      ...plane,
    ]);
  // 5 - 6 = -1 → 1, 0x0100 - 0x00ff = 1 → 2, and 0 - 1 = -1 across the end of the numbers → 1
  expect(planesOf(2, [5, 0, 0, 1, 0, 0], [6, 0, 0xff, 0, 1, 0])).toEqual([
    [1, 2, 1],
    [0, 0, 0],
  ]);
});

it('puts numbers together whose base has one exponent', () => {
  // bfloat16: 1.0 (0x3f80), 2.0 (0x4000), -1.0 (0xbf80), each one or two steps up
  const base = Uint8Array.from([0x80, 0x3f, 0x00, 0x40, 0x80, 0xbf]);
  const target = Uint8Array.from([0x81, 0x3f, 0x02, 0x40, 0x81, 0xbf]);
  expect([...split(target, base, { width: 2, shift: 7 })[0]!]).toEqual([2, 2, 4]);
});

it('does not care where in memory its numbers lie', () => {
  const form = { width: 4, shift: 23 } as const;
  const odd = new Uint8Array(41).subarray(1).map((_, index) => index * 37);
  const shifted = new Uint8Array(41).subarray(1);
  shifted.set(odd);
  expect(split(shifted, odd, form)).toEqual(split(odd.slice(), odd.slice(), form));
});
