import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Tests run from source: the private export condition leads every workspace import to `src/`.
const conditions = ['@torsh/source'];

const project = (folder: string, name: string) => ({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: { name, root: `${folder}/${name}`, include: ['test/**/*.test.ts'], testTimeout: 120_000 },
});

export default defineConfig({
  test: {
    // By itself it leaves one processor to itself, which is half of a machine with two.
    maxWorkers: availableParallelism(),
    projects: [
      ...['packages', 'apps']
        .filter(existsSync)
        .flatMap((folder) => readdirSync(folder).map((name) => project(folder, name))),
      project('.', 'examples'),
    ],
  },
});
