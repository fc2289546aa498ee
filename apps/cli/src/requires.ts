import { isTorshError } from '@torsh/bytes';
import {
  type Dependencies,
  type DependencyForm,
  dependencies,
  type Json,
  type JsonObject,
  normalName,
  parseDependencies,
  RequestError,
} from '@torsh/core';
import { UsageError } from './usage.ts';

/**
 * The dependencies with those of `--requires` added: `numpy>=1.20`, `torsh>=0.1.0`, `system:cuda>=11.0`. What was there and
 * cannot be read, crates for instance, stays as it is.
 */
export function withRequires(before: JsonObject, texts: readonly string[]): Dependencies {
  try {
    dependencies(added({}, texts));
  } catch (error) {
    throw isTorshError(error) ? new RequestError(error.message) : error;
  }
  return parseDependencies(added(before, texts) as JsonObject);
}

function added(before: JsonObject, texts: readonly string[]): DependencyForm {
  let after = before;
  for (const text of texts) {
    const [, scope, name, rest] =
      /^(?:(python|system):)?([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*((?:[[<>=!~^*;@].*)?)$/.exec(
        text.trim(),
      ) ?? [];
    if (name === undefined || rest === undefined) {
      throw new UsageError(
        `--requires ${text}: write a name and versions, as in "numpy>=1.20", "torsh>=0.1.0" or "system:cuda>=11.0".`,
      );
    }
    const versions = rest.trim() === '' ? '*' : rest.trim();
    const own = name === 'torsh' && scope === undefined;
    after = own ? { ...after, torsh: versions } : inScope(after, scope ?? 'python', name, versions);
  }
  return after as DependencyForm;
}

function inScope(all: JsonObject, scope: string, name: string, versions: string): JsonObject {
  const held = objectOf(all[scope]);
  const spelled = Object.keys(held).find((each) => isSame(scope, each, name)) ?? name;
  return { ...all, [scope]: { ...held, [spelled]: versions } };
}

/** The dependencies without one. */
export function withoutRequired(before: JsonObject, text: string): Dependencies | undefined {
  const left = without(before, text);
  return left === undefined ? undefined : parseDependencies(left);
}

function without(before: JsonObject, text: string): JsonObject | undefined {
  const [, scope = 'python', name = text] = /^(python|system):(.*)$/.exec(text) ?? [];
  if (text === 'torsh' && before.torsh !== undefined) {
    const { torsh: _, ...rest } = before;
    return rest;
  }
  const held = objectOf(before[scope]);
  if (!Object.keys(held).some((each) => isSame(scope, each, name))) return undefined;
  const left = Object.fromEntries(Object.entries(held).filter(([each]) => !isSame(scope, each, name)));
  const { [scope]: _, ...rest } = before;
  return Object.keys(left).length === 0 ? rest : { ...before, [scope]: left };
}

/** Python's packages have one name in many spellings. */
function isSame(scope: string, one: string, other: string): boolean {
  return scope === 'python' ? normalName(one) === normalName(other) : one === other;
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
