import type { Arguments } from '../arguments.ts';
import { suggestion, UsageError } from '../usage.ts';
import type { World } from '../world.ts';
import { runPackageBuild } from './package-build.ts';
import { runPackageEdit } from './package-edit.ts';

const verbs = {
  build: { run: runPackageBuild, usage: '<recipe> <output>', words: 2 },
  edit: { run: runPackageEdit, usage: '<package> [-o <output>]', words: 1 },
} as const;

/** What only one of them takes. */
const ONLY_EDIT = ['output', 'source', 'package', 'text', 'remove', 'extern', 'no-dependencies'] as const;

/** `torsh package`. */
export async function runPackage(given: Arguments, world: World): Promise<number> {
  const [verb, ...words] = given.words as [string, ...string[]];
  if (!Object.hasOwn(verbs, verb)) {
    const near = suggestion(verb, Object.keys(verbs)) || ' There are build and edit.';
    throw new UsageError(`There is no \`torsh package ${verb}\`.${near}`, 'help package');
  }
  const { run, usage, words: wanted } = verbs[verb as keyof typeof verbs];
  if (words.length !== wanted)
    throw new UsageError(`It is \`torsh package ${verb} ${usage}\`.`, 'help package');
  const stranger = verb === 'build' ? ONLY_EDIT.find((option) => given.flag(option)) : undefined;
  if (stranger !== undefined)
    throw new UsageError(`--${stranger} is for \`torsh package edit\`.`, 'help package');
  return run(words, given, world);
}
