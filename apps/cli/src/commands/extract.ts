import { entrySource, extractPackage } from '@torsh/core';
import { toFolder } from '@torsh/node';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../exit.ts';
import { about } from '../failure.ts';
import { lend } from '../lend.ts';
import { locate } from '../locate.ts';
import { folderFor } from '../output.ts';
import { coloursFor } from '../render/colour.ts';
import { countOf, formatBytes } from '../render/number.ts';
import { formatJson, printable } from '../render/text.ts';
import { UsageError } from '../usage.ts';
import type { World } from '../world.ts';

/** `torsh extract`. */
export async function runExtract(given: Arguments, world: World): Promise<number> {
  const [path, folder] = given.words as [string, string];
  const force = given.flag('force');
  const absolute = folderFor(folder, world.cwd, { force });
  const lent = lend(given, world);
  const place = await locate(path, world.cwd, lent.url);
  try {
    const source = await entrySource(place.input, lent.options);
    if (source === undefined) throw new UsageError(`${path} is a folder, not a package.`);
    const output = await toFolder(absolute, { force, fsync: !given.flag('no-fsync') });
    try {
      const only = given.all('only');
      const files = await about(place.path, () => extractPackage(source, output, { ...lent.options, only }));
      if (files.length === 0) throw new UsageError(`Nothing in ${path} is called ${only.join(' or ')}.`);
      await output.close();
      lent.bar.clear();
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      if (lent.json) world.stdout.write(formatJson({ path: place.path, folder, bytes, files }));
      else if (!lent.quiet) {
        const { green, bold } = coloursFor(world.stdout, world.env);
        const amount = `${countOf(files.length, 'file')}, ${formatBytes(bytes)}`;
        world.stdout.write(
          `${green('wrote')} ${bold(printable(folder))}: ${amount} of ${printable(place.path)}\n`,
        );
      }
      return EXIT.done;
    } catch (error) {
      await output.abort(error).catch(() => undefined);
      throw error;
    }
  } finally {
    lent.bar.clear();
    await place.close();
  }
}
