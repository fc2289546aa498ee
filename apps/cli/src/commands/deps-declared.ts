import { decodeUtf8, TorshError } from '@torsh/bytes';
import {
  checkDependencies,
  type Dependencies,
  type Environment,
  entrySource,
  environmentOf,
  type Json,
  open,
  parseDependencies,
  parseEnvironment,
  parseJson,
  parseRequirementsText,
  resolveTogether,
  toConda,
  toRequirements,
} from '@torsh/core';
import type { Arguments } from '../arguments.ts';
import { EXIT } from '../exit.ts';
import { about } from '../failure.ts';
import { type Lent, lend } from '../lend.ts';
import { locate } from '../locate.ts';
import { coloursFor } from '../render/colour.ts';
import { checkText, resolvedText } from '../render/declared.ts';
import { formatIssues } from '../render/report.ts';
import { formatJson } from '../render/text.ts';
import { UsageError } from '../usage.ts';
import { version } from '../version.ts';
import type { World } from '../world.ts';
import type { DeclaredVerb } from './deps.ts';

/** `torsh deps check`, `export` and `resolve`: what packages declare that they need. */
export async function runDeclared(
  verb: DeclaredVerb,
  files: readonly string[],
  given: Arguments,
  world: World,
): Promise<number> {
  checkOptions(verb, files, given);
  const lent = lend(given, world);
  try {
    const packages = new Map<string, Dependencies>();
    for (const file of files) packages.set(file, await declaredBy(file, lent, world));
    const environment = await environmentFor(given.text('against'), lent, world);
    lent.bar.clear();
    return verb === 'resolve'
      ? resolve(packages, environment, lent, world)
      : (verb === 'check' ? check : exportTo)(files[0]!, packages.get(files[0]!)!, {
          given,
          environment,
          lent,
          world,
        });
  } finally {
    lent.bar.clear();
  }
}

function checkOptions(verb: DeclaredVerb, files: readonly string[], given: Arguments): void {
  const graph = ['rdeps', 'dot', 'svg'].find(
    (option) => given.flag(option) || given.text(option) !== undefined,
  );
  if (graph !== undefined) throw new UsageError(`--${graph} is for \`torsh deps <package>\`.`, 'help deps');
  if (verb !== 'resolve' && files.length > 1)
    throw new UsageError(`\`torsh deps ${verb}\` takes one package; ${files[1]} is too much.`, 'help deps');
  if (verb === 'resolve' && files.length < 2)
    throw new UsageError('`torsh deps resolve` takes two packages or more.', 'help deps');
  const to = given.text('to');
  if (verb === 'export' && to !== 'requirements' && to !== 'conda')
    throw new UsageError('Say --to requirements or --to conda.', 'help deps');
  if (verb !== 'export' && to !== undefined)
    throw new UsageError('--to is for `torsh deps export`.', 'help deps');
  if (verb === 'export' && given.text('against') !== undefined)
    throw new UsageError('--against is for `torsh deps check` and `resolve`.', 'help deps');
}

/** What a package declares; nothing of its weights is read. */
async function declaredBy(path: string, { options, url }: Lent, { cwd }: World): Promise<Dependencies> {
  const place = await locate(path, cwd, url);
  try {
    return await about(place.path, async () => {
      const { torsh } = (await open(place.input, options)).metadata;
      const described = typeof torsh === 'object' && torsh !== null && !Array.isArray(torsh);
      return parseDependencies(
        described ? (torsh as { readonly [key: string]: Json }).dependencies : undefined,
      );
    });
  } finally {
    await place.close();
  }
}

/** The environment in a file; of torsh itself the version is known. */
async function environmentFor(
  path: string | undefined,
  { options, url }: Lent,
  { cwd, signal }: World,
): Promise<Environment> {
  const torsh = version();
  if (path === undefined) return { torsh, variables: new Map(), complete: false };
  const place = await locate(path, cwd, url);
  try {
    return await about(place.path, async () => {
      const source = await entrySource(place.input, { signal });
      const { headerBytes } = options.limits;
      if (source === undefined)
        throw new TorshError('unsupported', 'A folder is no description of an environment.');
      if (source.size > headerBytes)
        throw new TorshError(
          'limit',
          `It has ${source.size} bytes; at most ${headerBytes} are read (limit headerBytes).`,
        );
      const bytes = await source.read(0, source.size, { signal });
      const text = textIn(bytes);
      if (/^\s*\{/.test(text))
        return { torsh, ...known(parseEnvironment(parseJson(bytes, path, options.limits))) };
      const parsed = parseRequirementsText(text);
      for (const issue of parsed.issues) options.report?.(issue);
      return environmentOf(parsed, { torsh, variables: new Map(), complete: false });
    });
  } finally {
    await place.close();
  }
}

/** The text of a file. The `>` of older PowerShells writes UTF-16, with a mark in front. */
function textIn(bytes: Uint8Array): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = isWide ? new TextDecoder('utf-16le').decode(bytes) : decodeUtf8(bytes);
  if (text !== undefined && !text.includes('\0')) return text;
  throw new TorshError(
    'unsupported',
    'It is not text. Give a requirements.txt, the output of `pip freeze`, or a description in JSON.',
  );
}

/** Without a version of torsh that is not stated: ours stands in its place. */
function known({ torsh, ...rest }: Environment): Environment {
  return torsh === undefined ? rest : { torsh, ...rest };
}

interface Run {
  readonly given: Arguments;
  readonly environment: Environment;
  readonly lent: Lent;
  readonly world: World;
}

function check(path: string, needs: Dependencies, { environment, lent, world }: Run): number {
  const found = checkDependencies(needs, environment);
  say(lent, world);
  if (lent.json) world.stdout.write(formatJson({ path, ...found }));
  else if (!lent.quiet || found.status === 'unsatisfied')
    world.stdout.write(checkText(found, coloursFor(world.stdout, world.env)));
  return found.status === 'unsatisfied' ? EXIT.findings : EXIT.done;
}

function exportTo(path: string, needs: Dependencies, { given, lent, world }: Run): number {
  const name = /([^/\\]*?)(\.[^./\\]*)?$/.exec(path)![1]!;
  const { text, issues } =
    given.text('to') === 'conda' ? toConda(needs, name || 'model') : toRequirements(needs);
  for (const issue of issues) lent.options.report?.(issue);
  say(lent, world);
  world.stdout.write(lent.json ? formatJson({ path, text, issues }) : text);
  return EXIT.done;
}

function resolve(
  packages: ReadonlyMap<string, Dependencies>,
  environment: Environment,
  lent: Lent,
  world: World,
): number {
  const resolved = resolveTogether(packages, environment);
  say(lent, world);
  if (lent.json) world.stdout.write(formatJson({ paths: [...packages.keys()], ...resolved }));
  else if (!lent.quiet || resolved.status === 'conflict')
    world.stdout.write(resolvedText(resolved, coloursFor(world.stdout, world.env)));
  return resolved.status === 'conflict' ? EXIT.findings : EXIT.done;
}

function say({ issues, json, quiet }: Lent, { stderr, env }: World): void {
  if (!json && !quiet) stderr.write(formatIssues(issues, coloursFor(stderr, env)));
}
