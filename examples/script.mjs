import process from 'node:process';
import { fileURLToPath } from 'node:url';

/**
 * Runs a story where its file is what Node was started with: `node examples/packaging.mjs [folder]`.
 *
 * @param {string} file the `import.meta.url` of the story
 * @param {(folder: string) => Promise<void>} story
 */
export async function runAsScript(file, story) {
  if (process.argv[1] === fileURLToPath(file)) await story(process.argv[2] ?? '.');
}
