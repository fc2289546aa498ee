import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import nodePath from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { safetensorsBytes, temporaryFolder, writeCaseFiles } from './files.ts';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

// These start the built program; `pnpm test` builds it first.
describe.skipIf(!fs.existsSync(main))('the program', () => {
  const folder = temporaryFolder();
  const at = (name: string) => nodePath.join(folder.path, name);
  beforeAll(() => writeCaseFiles(folder.path));
  afterAll(() => folder.dispose());

  const torsh = (...args: string[]) =>
    spawnSync(process.execPath, [main, ...args], { cwd: folder.path, encoding: 'utf8' });

  test('exits with the code of what happened, results and messages apart', () => {
    const done = torsh('convert', 'small.safetensors', 'to', 'torsh', '--json');
    expect([done.status, done.stderr]).toEqual([0, '']);
    expect(JSON.parse(done.stdout).output.path).toBe('small.torsh');
    const bad = torsh('inspect', 'page.pt');
    expect([bad.status, bad.stdout]).toEqual([3, '']);
    expect(torsh('frobnicate').status).toBe(2);
    expect(torsh('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.skipIf(process.platform === 'win32')('does not mind a reader that leaves', () => {
    const tensors = Array.from({ length: 20_000 }, (_, index) => ({
      name: `layer.${index}.weight`,
      dtype: 'U8' as const,
      shape: [1],
    }));
    fs.writeFileSync(at('many.safetensors'), safetensorsBytes(tensors));
    const line = `"${process.execPath}" "${main}" inspect many.safetensors --tensors | head -n 1; exit \${PIPESTATUS[0]}`;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', line], {
      cwd: folder.path,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').length).toBe(2);
  });

  test.skipIf(process.platform === 'win32')('leaves nothing behind when it is interrupted', async () => {
    const size = 1024 * 2 ** 20;
    const header = safetensorsBytes([{ name: 'w', dtype: 'U8', shape: [0] }]);
    const text = `{"w":{"dtype":"U8","shape":[${size}],"data_offsets":[0,${size}]}}`.padEnd(
      header.length - 8,
    );
    fs.mkdirSync(at('large'));
    const path = at('large/large.safetensors');
    const length = new Uint8Array(new BigUint64Array([BigInt(Math.ceil(text.length / 8) * 8)]).buffer);
    const head = Buffer.concat([length, Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8))]);
    fs.writeFileSync(path, head);
    fs.truncateSync(path, head.length + size);
    const child = spawn(process.execPath, [main, 'convert', path, 'to', 'torsh'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (bytes) => {
      errors += bytes;
    });
    const exit = new Promise((resolve) => child.on('exit', resolve));
    while (fs.readdirSync(at('large')).length < 2 && child.exitCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill('SIGINT');
    expect(await exit).toBe(130);
    expect(errors).toBe('torsh: interrupted\n');
    expect(fs.readdirSync(at('large'))).toEqual(['large.safetensors']);
  });
});
