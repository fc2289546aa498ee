import type { Archive, Json, JsonObject } from './archive.ts';

/** What tensors are there for. */
export type Role = 'weights' | 'ema' | 'optimizer';

/** All roles, in the order in which they are shown. */
export const ROLES: readonly Role[] = ['weights', 'ema', 'optimizer'];

/**
 * What kind of thing a file holds, and which of its tensors are there for what. A reader that knows puts it under the key
 * `shape` into its namespace of the metadata, so that it goes wherever the metadata goes.
 */
export interface Shape {
  /** In kebab case, for programs: `lightning`. */
  readonly kind: string;
  /** For people: `Lightning checkpoint`. */
  readonly title: string;
  /** Of the program that wrote it. */
  readonly version?: string;
  /** The beginnings of the names of tensors with this role; each is empty or ends in a dot, and the longest decides. */
  readonly roles: { readonly [role in Role]?: readonly string[] };
  /** The keys under which hyper-parameters and settings are kept. */
  readonly settings?: readonly string[];
}

/** The shape of what is in an archive, and the namespace that says it; metadata may come from any file, so all is checked. */
export function shapeOf(archive: Archive): { readonly namespace: string; readonly shape: Shape } | undefined {
  for (const [namespace, content] of Object.entries(archive.metadata)) {
    const shape = isObject(content) ? parse(content.shape) : undefined;
    if (shape !== undefined) return { namespace, shape };
  }
  return undefined;
}

function parse(json: Json | undefined): Shape | undefined {
  if (!isObject(json) || !isObject(json.roles)) return undefined;
  const { kind, title, version, roles, settings } = json;
  if (typeof kind !== 'string' || typeof title !== 'string') return undefined;
  const found: { [role in Role]?: readonly string[] } = {};
  for (const role of ROLES) {
    const prefixes = texts(roles[role]).filter((prefix) => prefix === '' || prefix.endsWith('.'));
    if (prefixes.length > 0) found[role] = prefixes;
  }
  return {
    kind,
    title,
    ...(typeof version === 'string' ? { version } : {}),
    roles: found,
    ...(settings === undefined ? {} : { settings: texts(settings) }),
  };
}

/** The archive with another shape in its place. */
export function withShape(archive: Archive, namespace: string, shape: Shape | undefined): Archive {
  const { shape: _, ...rest } = archive.metadata[namespace] as JsonObject;
  const content = shape === undefined ? rest : { ...rest, shape: shape as unknown as Json };
  return { ...archive, metadata: { ...archive.metadata, [namespace]: content } };
}

/** Tells the roles of a tensor by its name: those of the longest beginning that is one of a role's. */
export function rolesByName({ roles }: Shape): (name: string) => readonly Role[] {
  const byPrefix = new Map<string, Role[]>();
  for (const role of ROLES) {
    for (const prefix of roles[role] ?? []) byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), role]);
  }
  return (name) => {
    // `lastIndexOf` takes a place before the first character for the first one.
    for (let end = name.length; end > 0; end = end < 2 ? 0 : name.lastIndexOf('.', end - 2) + 1) {
      const found = byPrefix.get(name.slice(0, end));
      if (found !== undefined) return found;
    }
    return byPrefix.get('') ?? [];
  };
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function texts(json: Json | undefined): readonly string[] {
  return Array.isArray(json) ? json.filter((each) => typeof each === 'string') : [];
}
