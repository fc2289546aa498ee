import { TorshError } from '@torsh/bytes';
import type { Json, JsonObject } from '../../archive.ts';
import type { Specifiers } from '../pep440/index.ts';
import { normalName } from './python-requirement.ts';

/** A Python package of an environment: this version, some version of these, or one that is not known. */
export interface InstalledPackage {
  readonly version?: string | undefined;
  readonly specifiers?: Specifiers | undefined;
  /** Where the version is not known: why. */
  readonly unknown?: string | undefined;
}

/** Where a package is to be used, as far as it is known. */
export interface Environment {
  /** The version of torsh. */
  readonly torsh?: string | undefined;
  /** The variables of PEP 508: `python_full_version`, `sys_platform` and so on. */
  readonly variables: ReadonlyMap<string, string>;
  /** Python packages by their normal name; absent if nothing is known. */
  readonly packages?: ReadonlyMap<string, InstalledPackage> | undefined;
  /** True if packages that are not listed are not there. */
  readonly complete: boolean;
  /** Parts of the machine by their name in lower case; absent if nothing is known. */
  readonly system?: ReadonlyMap<string, string> | undefined;
  /** Modules that can be imported; absent if nothing is known. */
  readonly modules?: ReadonlySet<string> | undefined;
}

/** An environment of which nothing is known. */
export const UNKNOWN: Environment = { variables: new Map(), complete: false };

/** What the version of an interpreter says. */
function pythonVariables(version: string): ReadonlyMap<string, string> {
  const numbers = version.split('.');
  const short: readonly [string, string] = ['python_version', numbers.slice(0, 2).join('.')];
  return new Map(numbers.length > 2 ? [short, ['python_full_version', version]] : [short]);
}

/** The variables that follow from the name of a system, as Python calls it in `sys.platform`. */
const PLATFORMS: { readonly [platform: string]: readonly [os: string, system: string] } = {
  linux: ['posix', 'Linux'],
  darwin: ['posix', 'Darwin'],
  win32: ['nt', 'Windows'],
};

const KEYS: readonly string[] = ['torsh', 'python', 'platform', 'packages', 'system', 'modules'];

/**
 * An environment from its description: `{ "python": "3.11.4", "platform": "linux", "packages": { "numpy": "1.26.4" }, "system":
 * { "cuda": "12.4" }, "torsh": "0.1.0", "modules": ["numpy"] }`. Every part is optional; `platform` may be an object of the
 * variables of PEP 508. Packages that it lists are all that there are.
 */
export function parseEnvironment(value: Json): Environment {
  const all = object(value, 'the environment');
  const { torsh, python, platform, packages, system, modules } = all;
  // Any JSON would do otherwise, and say nothing.
  const keys = Object.keys(all);
  if (keys.length > 0 && !keys.some((key) => KEYS.includes(key))) {
    throw new TorshError(
      'malformed',
      `This is no description of an environment: it has none of ${KEYS.join(', ')}.`,
    );
  }
  const names = packages === undefined ? undefined : Object.entries(texts(packages, 'packages'));
  return {
    torsh: torsh === undefined ? undefined : text(torsh, 'torsh'),
    variables: new Map([
      ...(python === undefined ? [] : pythonVariables(text(python, 'python'))),
      ...platformVariables(platform),
    ]),
    packages: names && new Map(names.map(([name, version]) => [normalName(name), { version }])),
    complete: packages !== undefined,
    system:
      system === undefined
        ? undefined
        : new Map(
            Object.entries(texts(system, 'system')).map(([name, version]) => [name.toLowerCase(), version]),
          ),
    modules:
      modules === undefined
        ? undefined
        : new Set(list(modules, 'modules').map((each) => text(each, 'a module'))),
  };
}

function platformVariables(platform: Json | undefined): Iterable<readonly [string, string]> {
  if (platform === undefined) return [];
  if (typeof platform !== 'string') return Object.entries(texts(platform, 'platform'));
  const known = Object.hasOwn(PLATFORMS, platform) ? PLATFORMS[platform] : undefined;
  const name = ['sys_platform', platform] as const;
  return known === undefined ? [name] : [name, ['os_name', known[0]], ['platform_system', known[1]]];
}

function object(value: Json, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw wrong(what, 'an object');
}

function texts(value: Json, what: string): { readonly [name: string]: string } {
  for (const [name, each] of Object.entries(object(value, what))) text(each, `${what}.${name}`);
  return value as { readonly [name: string]: string };
}

function list(value: Json, what: string): readonly Json[] {
  if (Array.isArray(value)) return value;
  throw wrong(what, 'a list');
}

function text(value: Json, what: string): string {
  if (typeof value === 'string') return value;
  throw wrong(what, 'a text');
}

function wrong(what: string, wanted: string): TorshError {
  return new TorshError('malformed', `In the description of an environment, ${what} is not ${wanted}.`);
}
