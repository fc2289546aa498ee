import fs from 'node:fs';
import nodePath from 'node:path';
import { type RangeServer, rangeServer } from '@torsh/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../src/run.ts';
import { temporaryFolder, writeCaseFiles } from './files.ts';
import { testWorld } from './terminal.ts';

const served = temporaryFolder();
const here = temporaryFolder();
let server: RangeServer;

beforeAll(async () => {
  writeCaseFiles(served.path);
  server = await rangeServer(served.path);
});

afterAll(async () => {
  await server.close();
  served.dispose();
  here.dispose();
});

async function torsh(...args: string[]) {
  const world = testWorld({ cwd: here.path });
  const code = await run(args, world);
  return { code, out: world.stdout.text(), err: world.stderr.text() };
}

test('inspect, convert and verify read addresses', async () => {
  const inspected = await torsh('inspect', `${server.address}tiny.pt`, '--tensors');
  expect(inspected).toMatchObject({ code: 0, out: expect.stringContaining('0.weight  F32') });

  const converted = await torsh('convert', `${server.address}tiny.pt`, 'to', 'torsh', '--verify', '--json');
  expect(converted.code).toBe(0);
  expect(JSON.parse(converted.out)).toMatchObject({
    input: {
      path: `${server.address}tiny.pt`,
      bytes: fs.statSync(nodePath.join(served.path, 'tiny.pt')).size,
    },
    output: { path: 'tiny.torsh' },
  });
  expect(fs.readdirSync(here.path)).toEqual(['tiny.torsh']);

  const verified = await torsh('verify', 'tiny.torsh', '--against', `${server.address}tiny.pt`);
  expect(verified).toMatchObject({ code: 0, err: '' });
});

test('an index on a server leads to its shards', async () => {
  const index = `${server.address}sharded/pytorch_model.bin.index.json`;
  expect(await torsh('verify', index)).toMatchObject({ code: 0 });
});

test('what is not there, and what is no address', async () => {
  expect(await torsh('inspect', `${server.address}absent.pt`)).toMatchObject({ code: 3, out: '' });
  expect(await torsh('inspect', 'https://[oops/x')).toMatchObject({ code: 2 });
  expect(await torsh('inspect', 'http://127.0.0.1:9/x.pt', '--header', 'nonsense')).toMatchObject({
    code: 2,
  });
});

test('secrets are sent, and not shown', async () => {
  const address = `${server.address.replace('//', '//me:pass-word@')}absent.pt?key=sig-nature`;
  fs.writeFileSync(nodePath.join(here.path, 'headers'), 'Authorization: Bearer to-ken\n\n');
  const { err } = await torsh('inspect', address, '--header', '@headers', '--header', 'x-a: b');
  expect(err).toContain('absent.pt');
  expect(err).not.toMatch(/pass-word|sig-nature|to-ken/);
});
