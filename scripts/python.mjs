// A Python with the real libraries: a virtual environment in `.venv` gets the pinned packages of conformance/requirements.txt
// once, for the conformance suite and for the benchmarks.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const venv = join(root, '.venv');
const python =
  process.platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');
const stamp = join(venv, 'installed.txt');

/** Runs a command in the root of the workspace; where it fails, so do we, with its exit code. */
export function run(command, args) {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env });
  if (error) {
    console.error(`Could not run ${command}: ${error.message}`);
    process.exit(1);
  }
  if (status !== 0) process.exit(status ?? 1);
}

function makeEnvironment() {
  const base = process.platform === 'win32' ? 'python' : 'python3';
  if (spawnSync(base, ['--version']).error) {
    console.error(
      `The conformance suite needs Python 3.11 or newer: ${base} was not found. Install it, then try again.`,
    );
    process.exit(1);
  }
  run(base, ['-m', 'venv', venv]);
}

// torch goes first and alone, so that nothing else can decide which build of it is taken.
function install() {
  const text = readFileSync(join(root, 'conformance', 'requirements.txt'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === text) return;
  const [torch, ...others] = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  for (const packages of [[torch], others]) {
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  }
  writeFileSync(stamp, text);
}

/** The interpreter, with everything installed. */
export function preparedPython() {
  if (!existsSync(python)) makeEnvironment();
  install();
  return python;
}
