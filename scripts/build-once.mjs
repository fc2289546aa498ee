// Builds the workspace if a source is newer than the last build, and is quiet otherwise. What the build prints goes to
// standard error: standard output belongs to the program that runs next.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.cache', 'torsh-build.stamp');
const packages = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .map((name) => join(root, folder, name))
    .filter((path) => existsSync(join(path, 'tsconfig.build.json'))),
);

const sources = describeSources();
if (!packages.every((path) => existsSync(join(path, 'dist'))) || lastBuild() !== sources) {
  await build();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, sources);
}

/** How many sources there are, how large, and when the newest was changed: another text means another build. */
function describeSources() {
  const seen = { files: 0, bytes: 0, newest: 0 };
  const look = (path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (stats.isDirectory()) {
      for (const name of readdirSync(path)) look(join(path, name));
      return;
    }
    seen.files++;
    seen.bytes += stats.size;
    seen.newest = Math.max(seen.newest, stats.mtimeMs);
  };
  for (const name of ['turbo.json', 'tsconfig.base.json', 'tsconfig.build.json', 'pnpm-lock.yaml']) {
    look(join(root, name));
  }
  for (const path of packages) {
    for (const name of ['src', 'package.json', 'tsconfig.build.json']) look(join(path, name));
  }
  return JSON.stringify(seen);
}

function lastBuild() {
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
}

async function build() {
  const { spawnSync } = await import('node:child_process');
  const windows = process.platform === 'win32';
  // turbo looks for pnpm on the PATH, where it is when pnpm started us; elsewhere npx brings it.
  const byPnpm = process.env.npm_config_user_agent?.startsWith('pnpm/') === true;
  const [command, ...args] = byPnpm
    ? [
        join(root, 'node_modules', '.bin', windows ? 'turbo.cmd' : 'turbo'),
        'run',
        'build',
        '--output-logs=errors-only',
      ]
    : ['npx', '-y', 'pnpm@10', '--silent', 'build'];
  const { status, error } = spawnSync(windows ? `"${command}"` : command, args, {
    cwd: root,
    // Both streams of the build go to our standard error.
    stdio: ['ignore', 2, 2],
    shell: windows,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
  });
  if (error === undefined && status === 0) return;
  if (error !== undefined) process.stderr.write(`The build did not start: ${error.message}\n`);
  process.stderr.write('The build failed; see above.\n');
  process.exit(1);
}
