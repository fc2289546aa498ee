import { isTorshError, TorshError } from '@torsh/bytes';
import type { Json, JsonObject } from '../../archive.ts';
import { parseSpecifiers } from '../pep440/index.ts';
import { parseRequirement } from '../version/index.ts';
import { checkLength } from '../version/text.ts';
import {
  formatRest,
  normalName,
  type PythonRequirement,
  parsePythonRequirement,
} from './python-requirement.ts';

/** Names to what is asked of them, as a manifest has it. */
export interface DependencyForm {
  /** The versions of torsh: `>=0.1.0,<0.2.0`. */
  readonly torsh?: string | undefined;
  /** Python packages: the rest of a requirement of PEP 508, or several under different markers. */
  readonly python?: { readonly [name: string]: string | readonly string[] } | undefined;
  /** Parts of the machine, such as `cuda` or `glibc`, with versions as PEP 440 compares them. */
  readonly system?: { readonly [name: string]: string } | undefined;
  /** Python modules that the code imports and does not bring: what torch.package calls extern. */
  readonly modules?: readonly string[] | undefined;
}

/** A part of the machine that is needed. */
export interface SystemRequirement {
  readonly name: string;
  readonly versions: string;
}

/** What in a manifest cannot be read, with what is wrong. It is kept, and cannot be checked. */
export interface Unreadable {
  readonly kind: 'torsh' | 'python' | 'system' | 'module' | 'other';
  readonly name: string;
  readonly reason: string;
}

/** What a package needs. */
export interface Dependencies {
  readonly torsh?: string | undefined;
  /** One package may be there several times, under different markers. */
  readonly python: readonly PythonRequirement[];
  readonly system: readonly SystemRequirement[];
  readonly modules: readonly string[];
  readonly unreadable: readonly Unreadable[];
  /** The form in a manifest, with all that stands beside these. */
  readonly form: JsonObject;
}

const KINDS: readonly string[] = ['torsh', 'python', 'system', 'modules'];

/** Dependencies of a kind that others know: crates, for instance. */
function otherKind(key: string, value: Json): readonly Unreadable[] {
  const names = isObject(value) ? Object.keys(value).map((name) => `${key}: ${name}`) : [key];
  return names.map((name) => ({
    kind: 'other',
    name,
    reason: `Dependencies of the kind ${key} cannot be checked.`,
  }));
}

/** Dependencies from their form; what is wrong in it is an error. */
export function dependencies(form: DependencyForm): Dependencies {
  const parsed = parseDependencies(form as unknown as Json);
  const [first] = parsed.unreadable;
  if (first !== undefined) throw new TorshError('malformed', first.reason);
  const spelled = new Map<string, string>();
  for (const { name } of parsed.python) {
    const before = spelled.get(normalName(name)) ?? name;
    if (before !== name)
      throw new TorshError(
        'malformed',
        `${before} and ${name} are one package; say once what is asked of it.`,
      );
    spelled.set(normalName(name), name);
  }
  return parsed;
}

/** Dependencies from a manifest, whatever stands there: what cannot be read is listed. */
export function parseDependencies(value: Json | undefined): Dependencies {
  const form = isObject(value) ? value : {};
  const unreadable: Unreadable[] = [];
  if (value !== undefined && !isObject(value)) {
    unreadable.push({ kind: 'torsh', name: 'dependencies', reason: 'The dependencies are not an object.' });
  }
  /** What `read` gives, unless it cannot. */
  const attempt = <T>(
    kind: Unreadable['kind'],
    name: string,
    value: Json,
    read: (text: string) => T,
  ): T[] => {
    try {
      if (typeof value !== 'string') throw notText(kind, name);
      return [read(value)];
    } catch (error) {
      if (!isTorshError(error)) throw error;
      unreadable.push({ kind, name, reason: error.message });
      return [];
    }
  };
  const members = (kind: 'python' | 'system') => {
    const map = form[kind];
    if (map !== undefined && !isObject(map)) attempt(kind, kind, null, String);
    return isObject(map) ? Object.entries(map) : [];
  };
  for (const key of Object.keys(form)) {
    if (!KINDS.includes(key)) unreadable.push(...otherKind(key, form[key]!));
  }
  const [torsh] = form.torsh === undefined ? [] : attempt('torsh', 'torsh', form.torsh, checkedRequirement);
  return {
    torsh,
    python: members('python').flatMap(([name, rest]) =>
      (Array.isArray(rest) ? (rest as readonly Json[]) : [rest]).flatMap((each) =>
        attempt('python', name, each, (text) => pythonOf(name, text)),
      ),
    ),
    system: members('system').flatMap(([name, each]) =>
      attempt('system', name, each, (text) => ({ name, versions: checkedSpecifiers(text) })),
    ),
    modules: modulesOf(form.modules).flatMap((each) => attempt('module', String(each), each, checkedModule)),
    unreadable,
    form,
  };
}

/** The form of dependencies that begin as requirements: of `requirements.txt`, of the externs of a package. */
export function formOf(parts: {
  readonly torsh?: string | undefined;
  readonly python?: Iterable<PythonRequirement>;
  readonly system?: { readonly [name: string]: string };
  readonly modules?: Iterable<string>;
}): DependencyForm {
  const python = new Map<string, [name: string, ...rests: string[]]>();
  for (const each of parts.python ?? []) {
    const known = python.get(normalName(each.name)) ?? [each.name];
    python.set(normalName(each.name), [...known, formatRest(each)]);
  }
  const modules = [...new Set(parts.modules)].sort();
  return {
    ...(parts.torsh === undefined ? {} : { torsh: parts.torsh }),
    // Not by assignment: a package may be called `__proto__`.
    ...(python.size > 0
      ? {
          python: Object.fromEntries(
            Array.from(python.values(), ([name, ...rests]) => [name, rests.length > 1 ? rests : rests[0]!]),
          ),
        }
      : {}),
    ...(parts.system === undefined ? {} : { system: parts.system }),
    ...(modules.length > 0 ? { modules } : {}),
  };
}

function pythonOf(name: string, text: string): PythonRequirement {
  // Other systems write a star for every version.
  return parsePythonRequirement(`${name} ${text.trim() === '*' ? '' : text}`);
}

function checkedRequirement(text: string): string {
  parseRequirement(text);
  return text;
}

function checkedSpecifiers(text: string): string {
  if (text.trim() === '*') return '';
  parseSpecifiers(text);
  return text;
}

const MODULE = /^[\p{ID_Start}_][\p{ID_Continue}]*(\.[\p{ID_Start}_][\p{ID_Continue}]*)*$/u;

function checkedModule(text: string): string {
  checkLength(text, 'name of a module');
  if (MODULE.test(text)) return text;
  throw new TorshError('malformed', `${JSON.stringify(text)} is not the name of a Python module.`);
}

function modulesOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Json[]) : [null];
}

function notText(kind: string, name: string): TorshError {
  return new TorshError('malformed', `In the dependencies, ${kind} ${JSON.stringify(name)} is not a text.`);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
