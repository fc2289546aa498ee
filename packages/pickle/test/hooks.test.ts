import { defaultLimits, type Limits } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { interpret, isGlobal, isKind, type PickleValue, scan } from '../src/index.ts';

const text = (content: string) => new TextEncoder().encode(content);
const limits: Limits = defaultLimits;

describe('called: what a call stands for, where the format knows', () => {
  // [f(1), the same again from the memo, g(2)]
  const bytes = text('(cm\nf\n(I1\ntRp0\ng0\ncm\ng\n(I2\ntRl.');

  it('takes the place of the call, in the memo too', () => {
    const offsets: number[] = [];
    const { value } = interpret(bytes, limits, {
      called({ callee }, offset) {
        offsets.push(offset);
        return isGlobal(callee, 'm', 'f') ? 'known' : undefined;
      },
    });
    expect(isKind(value, 'list') && value.items.slice(0, 2)).toEqual(['known', 'known']);
    expect(isKind(value, 'list') && isKind(value.items[2], 'object')).toBe(true);
    // The places of R.
    expect(offsets).toEqual([11, 28]);
  });

  it('is not asked about calls of other opcodes', () => {
    const asked: PickleValue[] = [];
    interpret(Uint8Array.of(0x80, 2, 0x63, 0x6d, 10, 0x43, 10, 0x29, 0x81, 0x2e), limits, {
      called: (call) => void asked.push(call),
    });
    expect(asked).toEqual([]);
  });
});

describe('built: bytes behind BUILD that are no pickle', () => {
  //                 c  m  \n C  \n )  R  }  b  raw bytes   .
  const bytes = Uint8Array.of(
    ...[0x63, 0x6d, 10, 0x43, 10, 0x29, 0x52, 0x7d, 0x62],
    ...[0xff, 0xff, 0xff],
    0x2e,
  );

  it('are passed over, and the value is what the format says', () => {
    const { value, end } = interpret(bytes, limits, {
      built: (_, at) => ({ value: bytes.subarray(at, at + 3), end: at + 3 }),
    });
    expect(value).toEqual(Uint8Array.of(0xff, 0xff, 0xff));
    expect(end).toBe(bytes.length);
  });

  it('are opcodes where the format says nothing', () => {
    expect(() => interpret(bytes, limits, { built: () => undefined })).toThrow(
      expect.objectContaining({ code: 'malformed', offset: 9 }),
    );
  });

  it('may not lead behind the end', () => {
    const built = (value: PickleValue) => ({ value, end: bytes.length + 10 });
    expect(() => interpret(bytes, limits, { built })).toThrow(expect.objectContaining({ code: 'truncated' }));
  });
});

describe('a scan behind a pickle', () => {
  it('finds what stands behind bytes that are no pickle', () => {
    const whole = Uint8Array.of(...text('N.junk'), 0x80, 2, ...text('cposix\ngetcwd\n.'));
    const { globals, status } = scan(whole, limits, { behind: 2 });
    expect(globals.map(({ module, offset }) => [module, offset])).toEqual([['posix', 8]]);
    expect(status).toBe('partial');
  });

  it('finds nothing where nothing follows', () => {
    expect(scan(text('N.'), limits, { behind: 2 })).toMatchObject({ pickles: [], status: 'complete' });
  });
});
