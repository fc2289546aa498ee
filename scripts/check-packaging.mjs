// Packs every public package as it would be published and lets publint and "Are the types wrong?" look at the result.
//   npx -y pnpm@10 packaging
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));
/** The condition that leads the workspace to its sources; the world does not know it and gets no sources. */
const PRIVATE_CONDITION = '@torsh/source';

async function publicPackages() {
  const found = [];
  for (const folder of ['packages', 'apps']) {
    for (const name of await readdir(join(root, folder))) {
      const path = join(root, folder, name);
      const manifest = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
      if (manifest.private !== true) found.push({ path, manifest });
    }
  }
  return found;
}

/** The package manager that runs this script, or a fresh one. */
function pnpm(parameters, options) {
  const self = process.env.npm_execpath ?? '';
  if (/pnpm\.c?js$/.test(self)) return run(process.execPath, [self, ...parameters], options);
  return run('npx', ['-y', 'pnpm@10', ...parameters], options);
}

async function pack(path, destination) {
  const { stdout } = await pnpm(['pack', '--json', '--pack-destination', destination], { cwd: path });
  return JSON.parse(stdout.slice(stdout.indexOf('{'))).filename;
}

async function lint(manifest, tarball) {
  const bytes = await readFile(tarball);
  const { messages, pkg } = await publint({
    strict: true,
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
  });
  return messages
    .filter((message) => !message.path.includes(PRIVATE_CONDITION))
    .map((message) => `publint: ${formatMessage(message, pkg ?? manifest, { color: false })}`);
}

async function checkTypes(manifest, tarball) {
  // A program has no types to be wrong.
  if (manifest.exports?.['.'] === undefined) return [];
  const attw = fileURLToPath(
    new URL('dist/index.js', import.meta.resolve('@arethetypeswrong/cli/package.json')),
  );
  const parameters = [
    attw,
    tarball,
    '--profile',
    'esm-only',
    '--no-color',
    '--no-emoji',
    '--format',
    'ascii',
  ];
  return run(process.execPath, parameters).then(
    () => [],
    ({ stdout, stderr }) => [`attw: ${stdout}${stderr}`.trim()],
  );
}

const destination = await mkdtemp(join(tmpdir(), 'torsh-packaging-'));
let findings = 0;
try {
  await pnpm(['build'], { cwd: root });
  for (const { path, manifest } of await publicPackages()) {
    const tarball = await pack(path, destination);
    const found = [...(await lint(manifest, tarball)), ...(await checkTypes(manifest, tarball))];
    console.log(`${found.length === 0 ? 'ok  ' : 'BAD '} ${manifest.name} ${manifest.version}`);
    for (const finding of found) console.log(finding.replace(/^/gm, '     '));
    findings += found.length;
  }
} finally {
  await rm(destination, { recursive: true, force: true });
}
process.exitCode = findings === 0 ? 0 : 1;
