import fs from 'node:fs';
import nodePath from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder, writeCaseFiles } from './files.ts';
import { replay } from './script.ts';

const cases = fileURLToPath(new URL('./cases/', import.meta.url));
// `UPDATE_CASES=1 pnpm test` writes what is printed now into the cases; read the difference before you keep it.
const update = process.env.UPDATE_CASES === '1';

for (const name of fs.readdirSync(cases).sort()) {
  test(name, async () => {
    const path = nodePath.join(cases, name);
    const text = fs.readFileSync(path, 'utf8');
    const folder = temporaryFolder();
    try {
      writeCaseFiles(folder.path);
      const replayed = await replay(text, folder.path);
      if (update) fs.writeFileSync(path, replayed);
      else expect(replayed).toBe(text);
    } finally {
      folder.dispose();
    }
  });
}
