import { describe, expect, it } from 'vitest';
import { keyText } from '../../src/object/key-text.ts';
import { names } from '../../src/object/names.ts';

describe('names', () => {
  it('joins the path, and gives later comers a number', () => {
    const { take } = names();
    expect(take(['a', 'b'])).toBe('a.b');
    expect(take(['a.b'])).toBe('a.b~2');
    expect(take(['a.b'])).toBe('a.b~3');
    expect(take([''])).toBe('_');
    expect(take(['a\0b'])).toBe('a_b');
    expect(take(['__metadata__'])).toBe('__metadata__~2');
    expect(take(['\ud800x'])).toBe('\ufffdx');
    expect(take(['a.b~2'])).toBe('a.b~2~2');
  });
});

describe('keyText', () => {
  it.each([
    ['weight', 'weight'],
    [7, '7'],
    [2n ** 70n, '1180591620717411303424'],
    [true, 'True'],
    [null, 'None'],
    [{ kind: 'float', value: 1 } as const, '1.0'],
    [{ kind: 'float', value: 1e-5 } as const, '1e-05'],
    [{ kind: 'float', value: 1e16 } as const, '1e+16'],
    [{ kind: 'float', value: -0 } as const, '-0.0'],
    [{ kind: 'tuple', items: [1] } as const, '(1,)'],
    [{ kind: 'tuple', items: ['a', 2] } as const, "('a', 2)"],
    [Uint8Array.of(0x61, 0, 0x27), 'b"a\\x00\'"'],
  ])('prints %o as Python does', (key, text) => {
    expect(keyText(key)).toBe(text);
  });
});
