import { createContext } from '@torsh/core';
import { type Directory, directory, listFiles } from '@torsh/torch';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../exit.ts';
import { about } from '../failure.ts';
import { lend } from '../lend.ts';
import { locate } from '../locate.ts';
import { formatJson, printable } from '../render/text.ts';
import type { World } from '../world.ts';
import { filePatterns } from './file-patterns.ts';

/** `torsh tree`. */
export async function runTree(given: Arguments, world: World): Promise<number> {
  const lent = lend(given, world);
  const wanted = filePatterns(given);
  const place = await locate(given.words[0]!, world.cwd, lent.url);
  try {
    const context = createContext(lent.options);
    const all = await about(place.path, () => listFiles(place.input, context));
    const files = all.filter(({ path }) => wanted.matches(path));
    const tree = await about(place.path, async () =>
      directory(
        place.path,
        files.map(({ path }) => path),
        context.limits,
      ),
    );
    if (lent.json) {
      const sizes = new Map(files.map(({ path, size }) => [path, size]));
      const listed = tree.files.map((path) => ({ path, bytes: sizes.get(path)! }));
      world.stdout.write(formatJson({ path: place.path, files: listed }));
    } else world.stdout.write(printed(tree));
    return EXIT.done;
  } finally {
    lent.bar.clear();
    await place.close();
  }
}

/** Line by line: names come from the file, and a terminal obeys what stands in them. */
function printed(tree: Directory): string {
  return tree.toString().split('\n').map(printable).join('\n');
}
