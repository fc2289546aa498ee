import { defaultLimits, isTorshError } from '@torsh/bytes';
import { assemble, disassemble, interpret, type PickleValue, scan, toJson } from '@torsh/pickle';
import { expect, test } from 'vitest';

const global = { kind: 'global', module: 'collections', name: 'OrderedDict' } as const;
const shared: PickleValue = { kind: 'list', items: [1, 300, -1, 2n ** 70n] };
const sample: PickleValue = {
  kind: 'dict',
  keys: ['text', 'é\ud800', { kind: 'tuple', items: [1, { kind: 'float', value: 1.5 }] }, null],
  values: [
    shared,
    {
      kind: 'tuple',
      items: [shared, true, Uint8Array.of(1, 2, 255), { kind: 'bytearray', bytes: Uint8Array.of(3) }],
    },
    { kind: 'frozenset', items: ['a', { kind: 'str8', bytes: Uint8Array.of(0xe9) }] },
    {
      kind: 'object',
      how: 'reduce',
      callee: global,
      args: { kind: 'tuple', items: [] },
      states: [{ kind: 'dict', keys: ['_metadata'], values: [null] }],
      items: [],
      keys: ['weight'],
      values: [{ kind: 'persistent', id: { kind: 'tuple', items: ['storage', global, '0', 'cpu', 4] } }],
    },
  ],
};
const pickles = ([0, 1, 2, 3, 4, 5] as const).map((protocol) => ({
  protocol,
  bytes: assemble(sample, { protocol }),
}));

/** Everything that reads, on these bytes: a result or an error of ours. */
function readAll(bytes: Uint8Array): void {
  for (const read of [
    () => toJson(interpret(bytes, defaultLimits).value),
    () => [...disassemble(bytes, defaultLimits)],
  ]) {
    try {
      read();
    } catch (error) {
      if (!isTorshError(error)) throw error;
    }
  }
  // A scan has no error to throw.
  scan(bytes, defaultLimits);
}

test.each(pickles)('protocol $protocol, cut at every byte', ({ bytes }) => {
  for (let length = 0; length < bytes.length; length++) {
    readAll(bytes.subarray(0, length));
    expect(() => interpret(bytes.subarray(0, length), defaultLimits)).toThrow(
      expect.objectContaining({ code: 'truncated' }),
    );
  }
});

test.each(pickles)('protocol $protocol, every byte changed', ({ bytes }) => {
  for (let at = 0; at < bytes.length; at++) {
    for (const value of [
      0,
      0x28,
      0x2e,
      0x30,
      0x32,
      0x52,
      0x61,
      0x62,
      0x65,
      0x71,
      0x75,
      0x85,
      0x93,
      0x95,
      0xff,
      ~bytes[at]!,
    ]) {
      const changed = bytes.slice();
      changed[at] = value;
      readAll(changed);
    }
  }
});

test('what was lent is not touched', () => {
  for (const { bytes } of pickles) {
    const before = bytes.slice();
    readAll(bytes);
    expect(bytes).toEqual(before);
  }
});
