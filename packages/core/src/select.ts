import { type Archive, DEFAULT_MODEL, type Model, model, type Tensor } from './archive.ts';
import { matches } from './matches.ts';
import { RequestError } from './request.ts';
import { ROLES, type Role, rolesByName, type Shape, shapeOf, withShape } from './shape.ts';

/**
 * The archive with only the tensors that were asked for. A pattern is a role (`weights`, `ema`, `optimizer`) that the
 * shape of the archive knows, or a glob for the name, alone or as `model:name`. A tied name steps in for a lost owner; a
 * model that loses all its tensors goes too.
 *
 * One role by itself is what a model loads: its prefix is dropped from the names, and what else the file keeps was left
 * behind by choice, so that its metadata become incidental.
 */
export function select(archive: Archive, patterns: readonly string[]): Archive {
  const roles = new Set(patterns.filter(isRole));
  const globs = patterns.filter((pattern) => !isRole(pattern));
  if (roles.size === 0) return chosen(archive, (name, model) => matchesAny(globs, name, model));
  const { namespace, shape } = shapeWith(archive, roles);
  const rolesOf = rolesByName(shape);
  const prefix = globs.length === 0 ? onlyPrefix(shape, roles) : undefined;
  const whole = chosen(
    archive,
    (name, inModel) =>
      (inModel.name === DEFAULT_MODEL && rolesOf(name).some((role) => roles.has(role))) ||
      matchesAny(globs, name, inModel),
    prefix,
  );
  const left = Object.entries(shape.roles).filter(([role]) => roles.has(role as Role));
  const kept = Object.fromEntries(left.map(([role, is]) => [role, prefix === undefined ? is : ['']]));
  const shaped = withShape(whole, namespace, { ...shape, roles: kept });
  return { ...shaped, incidental: new Set([...archive.incidental, namespace]) };
}

/** True for a word that asks for tensors by what they are there for; a tensor of that name is asked for by `weights*`. */
export function isRole(pattern: string): pattern is Role {
  return (ROLES as readonly string[]).includes(pattern);
}

function shapeWith(archive: Archive, roles: ReadonlySet<Role>): NonNullable<ReturnType<typeof shapeOf>> {
  const found = shapeOf(archive);
  const known = found?.shape.roles ?? {};
  for (const role of roles) {
    if (known[role] !== undefined) continue;
    const there = ROLES.filter((each) => known[each] !== undefined);
    const says = there.length === 0 ? 'Nothing in it has a role' : `There are ${there.join(' and ')}`;
    throw new RequestError(
      `There is no part with the role "${role}". ${says}; tensors are also selected by name, and one that is called ${role} by "${role}*".`,
    );
  }
  return found!;
}

/** The one prefix of the one role that was asked for. */
function onlyPrefix({ roles: known }: Shape, roles: ReadonlySet<Role>): string | undefined {
  const prefixes = [...roles].flatMap((role) => known[role] ?? []);
  return prefixes.length === 1 ? prefixes[0] : undefined;
}

type Wanted = (name: string, model: Model) => boolean;

function matchesAny(patterns: readonly string[], name: string, { name: model }: Model): boolean {
  return patterns.some((pattern) => matches(pattern, name) || matches(pattern, `${model}:${name}`));
}

function chosen(archive: Archive, wanted: Wanted, prefix = ''): Archive {
  const models = new Map<string, Model>();
  for (const each of archive.models.values()) {
    const part = selectModel(each, (name) => wanted(name, each), prefix);
    if (part.tensors.size > 0 || each.tensors.size === 0) models.set(each.name, part);
  }
  return { ...archive, models };
}

function selectModel(whole: Model, wanted: (name: string) => boolean, prefix: string): Model {
  const tensors: Tensor[] = [];
  const aliases = new Map<string, string>();
  const owners = new Map<string, string>();
  const taken = new Set<string>();
  const keep = (name: string, owner: string): void => {
    if (!wanted(name)) return;
    const short = name.startsWith(prefix) && name.length > prefix.length ? name.slice(prefix.length) : name;
    if (taken.has(short)) {
      throw new RequestError(
        `Without ${JSON.stringify(prefix)} two tensors would be called ${short}; select by "${prefix}*".`,
      );
    }
    taken.add(short);
    const kept = owners.get(owner);
    if (kept !== undefined) {
      aliases.set(short, kept);
      return;
    }
    owners.set(owner, short);
    tensors.push({ ...whole.tensors.get(owner)!, name: short });
  };
  for (const name of whole.tensors.keys()) keep(name, name);
  for (const [name, owner] of whole.aliases) keep(name, owner);
  return model(tensors, { name: whole.name, aliases, metadata: whole.metadata });
}
