import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { open } from './support.ts';

const folder = new URL('../../../../fixtures/scan-cases/', import.meta.url);

describe('hostile files: every name that is used is told, with its place in the file', () => {
  const expected: Readonly<Record<string, readonly string[]>> = {
    // In the object itself.
    'legacy_payload_4th_pickle.pt': ['opaque posix.getcwd@98'],
    // Behind the list of storages, where torch does not look.
    'legacy_payload_6th_pickle.pt': ['opaque posix.getcwd@110', 'bytes-behind-storages@108'],
    'legacy_payload_7th_pickle.pt': ['opaque posix.getcwd@114', 'bytes-behind-storages@108'],
  };

  it.each(Object.entries(expected))('%s', async (name, wanted) => {
    const { issues } = await open(new Uint8Array(readFileSync(new URL(name, folder))));
    const told = issues.map(({ code, subject, message }) => {
      const whose = code === 'opaque' ? ` ${subject}` : '';
      return `${code}${whose}@${/byte (\d+)/.exec(message)![1]}`;
    });
    expect(told).toEqual(wanted);
  });
});
