import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { digest, fromBytes, isTorshError } from '@torsh/bytes';
import { openZip } from '@torsh/zip';
import { expect, it } from 'vitest';
import { attackFile, attacks } from '../src/attacks.ts';
import { testContext } from '../src/context.ts';

const folder = new URL('../../../fixtures/attacks/', import.meta.url);

/** Opens and reads everything; gives the code of the error, or `fine`. */
async function outcome(bytes: Uint8Array, strictness: 'strict' | 'tolerant'): Promise<string> {
  const context = testContext();
  try {
    const zip = await openZip(fromBytes(bytes), { ...context, strictness });
    for (const entry of zip.entries.values())
      await digest([zip.source(entry)], { platform: context.platform });
    return 'fine';
  } catch (error) {
    if (isTorshError(error)) return error.code;
    throw error;
  }
}

it.each(attacks.map((attack) => [attack.name, attack] as const))('%s', async (_, attack) => {
  const bytes = attack.bytes();
  expect(await outcome(bytes, 'strict')).toBe(attack.strict);
  expect(await outcome(bytes, 'tolerant')).toBe(attack.tolerant);
});

it('has one attack a name, and no attack that a strict reader takes', () => {
  expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
  expect(attacks.filter(({ strict }) => strict === 'fine')).toEqual([]);
});

it('has fixtures/attacks, byte for byte; UPDATE_ATTACKS=1 writes them again', () => {
  const small = attacks.filter((attack) => attack.bytes().length < 4096);
  if (process.env.UPDATE_ATTACKS === '1') {
    mkdirSync(folder, { recursive: true });
    for (const attack of small) writeFileSync(new URL(attackFile(attack), folder), attack.bytes());
  }
  expect(
    readdirSync(folder)
      .filter((name) => name.endsWith('.zip'))
      .sort(),
  ).toEqual(small.map(attackFile).sort());
  for (const attack of small) {
    expect(new Uint8Array(readFileSync(new URL(attackFile(attack), folder))), attack.name).toEqual(
      attack.bytes(),
    );
  }
});
