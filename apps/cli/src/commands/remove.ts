import type { Arguments } from '../arguments.ts';
import { lend } from '../lend.ts';
import { asked } from '../package-contents.ts';
import { changePackage } from '../package-save.ts';
import { withoutRequired } from '../requires.ts';
import { UsageError } from '../usage.ts';
import type { World } from '../world.ts';

/** `torsh remove`. */
export async function runRemove(given: Arguments, world: World): Promise<number> {
  const path = given.words[0]!;
  if (['model', 'resource', 'requires'].every((option) => given.all(option).length === 0)) {
    throw new UsageError('Say what to remove: --model, --resource or --requires.', 'help remove');
  }
  return changePackage(given, lend(given, world), world, (updater) => {
    for (const name of given.all('model')) asked('remove', path, () => updater.removeModel(name));
    for (const name of given.all('resource')) asked('remove', path, () => updater.removeResource(name));
    for (const name of given.all('requires')) {
      const left = withoutRequired(updater.dependencies(), name);
      if (left === undefined) throw new UsageError(`${path}: it does not require ${name}.`, 'help remove');
      updater.setDependencies(Object.keys(left.form).length === 0 ? null : left);
    }
  });
}
