import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const packages = path.resolve(import.meta.dirname, '../..');

/** Builds this package and what it needs into a folder, for tests that need a process of their own: Node 20 runs no TypeScript. */
export function buildInto(folder: string): void {
  const tsc = path.join(
    path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
    'bin/tsc',
  );
  for (const name of ['bytes', 'node']) {
    const from = path.join(packages, name);
    const to = path.join(folder, 'node_modules/@torsh', name);
    fs.mkdirSync(to, { recursive: true });
    fs.copyFileSync(path.join(from, 'package.json'), path.join(to, 'package.json'));
    const project = path.join(from, 'tsconfig.build.json');
    const dist = path.join(to, 'dist');
    execFileSync(process.execPath, [tsc, '-p', project, '--outDir', dist, '--noCheck'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    for (const file of fs.readdirSync(path.join(from, 'src'))) {
      if (file.endsWith('.js')) fs.copyFileSync(path.join(from, 'src', file), path.join(dist, file));
    }
  }
}
