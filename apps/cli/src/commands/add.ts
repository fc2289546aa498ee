import type { Arguments } from '../arguments.ts';
import { lend } from '../lend.ts';
import { asked, openContents } from '../package-contents.ts';
import { changePackage } from '../package-save.ts';
import { withRequires } from '../requires.ts';
import { UsageError } from '../usage.ts';
import type { World } from '../world.ts';

/** `torsh add`. */
export async function runAdd(given: Arguments, world: World): Promise<number> {
  const path = given.words[0]!;
  if (['model', 'resource', 'code', 'requires'].every((option) => given.all(option).length === 0)) {
    throw new UsageError('Say what to add: --model, --resource, --code or --requires.', 'help add');
  }
  const lent = lend(given, world);
  const contents = await openContents(given, lent, world);
  try {
    return await changePackage(given, lent, world, (updater) => {
      const replace = given.flag('replace');
      for (const each of contents.list) {
        asked('add', path, () => {
          if (each.kind === 'model') {
            const put = replace && updater.hasModel(each.name) ? 'updateModel' : 'addModel';
            return updater[put](each.name, each.model);
          }
          const put = replace && updater.hasResource(each.path) ? 'updateResource' : 'addResource';
          return updater[put](each.path, each.type, each.content);
        });
      }
      const requires = given.all('requires');
      if (requires.length > 0) {
        asked('add', path, () => updater.setDependencies(withRequires(updater.dependencies(), requires)));
      }
    });
  } finally {
    lent.bar.clear();
    await contents.close();
  }
}
