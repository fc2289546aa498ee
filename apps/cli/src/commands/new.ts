import nodePath from 'node:path';
import type { PackageMetadata } from '@torsh/core';
import { packageExporter } from '@torsh/package';
import type { Arguments } from '../arguments.ts';
import { parseCreated } from '../created.ts';
import { about } from '../failure.ts';
import { lend } from '../lend.ts';
import { placeFor } from '../output.ts';
import { asked, openContents } from '../package-contents.ts';
import { tellPackage } from '../package-save.ts';
import { withRequires } from '../requires.ts';
import { UsageError } from '../usage.ts';
import type { World } from '../world.ts';

/** `torsh new`. */
export async function runNew(given: Arguments, world: World): Promise<number> {
  const path = given.words[0]!;
  if (!path.toLowerCase().endsWith('.torsh')) {
    throw new UsageError(`${path} does not end in .torsh, as a package does.`, 'help new');
  }
  const absolute = placeFor(path, [], world.cwd, { force: given.flag('force') });
  const lent = lend(given, world);
  const compression = given.flag('compress') ? 'deflate' : 'none';
  const text = (option: 'name' | 'version' | 'author' | 'description' | 'licence') => given.text(option);
  const metadata: PackageMetadata = {
    name: text('name') ?? nodePath.basename(path).slice(0, -'.torsh'.length),
    version: text('version'),
    createdAt: parseCreated(given.text('created'), world),
    author: text('author'),
    description: text('description'),
    licence: text('licence'),
  };
  const contents = await openContents(given, lent, world);
  try {
    const exporter = asked('new', path, () => packageExporter({ compression, metadata }));
    for (const each of contents.list) {
      asked('new', path, () =>
        each.kind === 'model'
          ? exporter.addModel(each.name, each.model)
          : exporter.addResource(each.path, each.type, each.content),
      );
    }
    const requires = given.all('requires');
    if (requires.length > 0) asked('new', path, () => exporter.setDependencies(withRequires({}, requires)));
    const { formats: _, from: __, ...options } = lent.options;
    const save = { ...options, force: given.flag('force'), fsync: !given.flag('no-fsync') };
    await about(path, () => exporter.exportToFile(absolute, save));
  } finally {
    lent.bar.clear();
    await contents.close();
  }
  return tellPackage(path, 'wrote', lent, world);
}
