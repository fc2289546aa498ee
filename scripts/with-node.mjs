// Runs a script with another major version of Node: node scripts/with-node.mjs 24 script.mjs args…
// The npm packages `node-<os>-<cpu>` carry the binary itself; it is kept in a cache folder of this checkout.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [major, ...command] = process.argv.slice(2);
if (!/^\d+$/.test(major ?? '') || command.length === 0) {
  console.error('usage: node scripts/with-node.mjs <major> <script> [arguments]');
  process.exit(2);
}
const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const folder = resolve('node_modules/.cache', `node-${major}`);
const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
if (!existsSync(binary)) {
  mkdirSync(folder, { recursive: true });
  const shell = process.platform === 'win32';
  const install = spawnSync(
    'npm',
    ['install', '--prefix', folder, '--no-save', '--silent', `${name}@${major}`],
    { stdio: 'inherit', shell },
  );
  if (install.status !== 0) process.exit(install.status ?? 1);
}
const run = spawnSync(binary, command, { stdio: 'inherit' });
process.exit(run.status ?? 1);
