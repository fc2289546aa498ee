import { defaultLimits, fromBytes, fromFiles, TorshError, webPlatform } from '@torsh/bytes';
import { expect, it } from 'vitest';
import { type Finding, type Format, validate } from '../src/index.ts';

const input = { files: fromFiles(new Map([['a.x', fromBytes(new Uint8Array(1))]])), entry: 'a.x' };
const format = (rules?: Format['validate']): Format => ({
  id: 'x',
  title: 'X models',
  detect: async () => ({ confidence: 'certain', reason: 'it is x' }),
  ...(rules === undefined ? {} : { validate: rules }),
});
const run = (rules?: Format['validate']) =>
  validate(input, { formats: [format(rules)], platform: webPlatform, limits: defaultLimits });
const finding = (severity: Finding['severity']): Finding => ({
  rule: 'r',
  severity,
  path: 'p',
  message: 'm',
});

it('is valid without findings, and with warnings', async () => {
  expect(await run(async () => {})).toEqual({ format: 'x', valid: true, findings: [], more: 0 });
  const warned = await run(async (_input, _context, found) => found(finding('warning')));
  expect(warned).toMatchObject({ valid: true, findings: [{ severity: 'warning' }] });
});

it('keeps the first findings and counts the others', async () => {
  const found = await run(async (_input, _context, each) => {
    for (let count = 0; count < 1_500; count++) each(finding('warning'));
    each(finding('error'));
  });
  expect(found).toMatchObject({ valid: false, more: 501 });
  expect(found.findings).toHaveLength(1_000);
});

it('says so where a format has no rules', async () => {
  await expect(run()).rejects.toMatchObject({ code: 'unsupported', format: 'x' });
});

it('tells errors with their place', async () => {
  const broken = run(async () => {
    throw new TorshError('malformed', 'It is broken.', { offset: 3 });
  });
  await expect(broken).rejects.toMatchObject({ code: 'malformed', format: 'x', path: 'a.x', offset: 3 });
});
