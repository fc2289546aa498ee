import type { Archive, Json, Model, Tensor } from './archive.ts';
import { RequestError } from './request.ts';
import { METADATA_KEY } from './safetensors/index.ts';
import { shapeOf, withShape } from './shape.ts';

/** A new name for a tensor. One `*` in `from` stands for any text, and a `*` in `to` for the same text. */
export interface RenameRule {
  readonly from: string;
  readonly to: string;
}

/** Names in a message before it is cut short. */
const SHOWN = 5;

/**
 * The archive with other names for its tensors; tied names too. A whole name goes before a pattern, and of patterns the
 * first that matches decides. All renaming is done at once, so that names can be exchanged. A rule that matches nothing,
 * or two tensors under one name, is an error.
 */
export function rename(archive: Archive, rules: readonly RenameRule[]): Archive {
  const renamer = renamerOf(rules);
  const models = new Map<string, Model>();
  for (const each of archive.models.values()) models.set(each.name, renameModel(each, renamer));
  const unused = rules.filter((rule) => !renamer.used.has(rule));
  if (unused.length > 0) {
    const names = some(unused.map(({ from }) => JSON.stringify(from)));
    throw new RequestError(`No tensor has a name like ${names}, which should be renamed.`);
  }
  const renamed = { ...archive, models };
  // The beginnings of names say nothing any more.
  const found = shapeOf(archive);
  if (found === undefined) return renamed;
  return withShape(renamed, found.namespace, { ...found.shape, roles: {} });
}

/** Rules from JSON: an object of old names to new ones, or a list of `{from, to}`. */
export function parseRenames(json: Json): readonly RenameRule[] {
  const wrong = (what: string) =>
    new RequestError(
      `${what}: new names are an object {"old": "new"} or a list of {"from": "old", "to": "new"}.`,
    );
  if (typeof json !== 'object' || json === null) throw wrong('These are no names');
  const pairs: readonly (readonly [Json | undefined, Json | undefined])[] = Array.isArray(json)
    ? (json as readonly Json[]).map((each) => {
        if (typeof each !== 'object' || each === null || Array.isArray(each))
          throw wrong('An item is no object');
        const { from, to, ...rest } = each as { readonly [key: string]: Json };
        if (Object.keys(rest).length > 0) throw wrong(`${JSON.stringify(Object.keys(rest)[0])} is not known`);
        return [from, to] as const;
      })
    : Object.entries(json);
  return pairs.map(([from, to]) => {
    if (typeof from !== 'string' || typeof to !== 'string') throw wrong('A name is not a text');
    const [stars, used] = [from, to].map((text) => text.split('*').length - 1) as [number, number];
    if (stars > 1 || used > stars) {
      throw wrong(
        `${JSON.stringify(from)} to ${JSON.stringify(to)}: one "*" may stand in the old name, and then one in the new`,
      );
    }
    return { from, to };
  });
}

interface Renamer {
  readonly used: Set<RenameRule>;
  nameFor(name: string): string;
}

function renamerOf(rules: readonly RenameRule[]): Renamer {
  const used = new Set<RenameRule>();
  const exact = new Map<string, RenameRule>();
  const patterns: { rule: RenameRule; before: string; after: string }[] = [];
  for (const rule of rules) {
    const [before, after] = rule.from.split('*') as [string, string?];
    if (after !== undefined) patterns.push({ rule, before, after });
    else if (exact.has(rule.from)) throw new RequestError(`${JSON.stringify(rule.from)} has two new names.`);
    else exact.set(rule.from, rule);
  }
  return {
    used,
    nameFor(name) {
      const rule = exact.get(name);
      if (rule !== undefined) used.add(rule);
      let found = rule?.to;
      for (const { rule: pattern, before, after } of patterns) {
        if (name.length < before.length + after.length) continue;
        if (!name.startsWith(before) || !name.endsWith(after)) continue;
        used.add(pattern);
        const middle = name.slice(before.length, name.length - after.length);
        found ??= pattern.to.split('*').join(middle);
      }
      return found ?? name;
    },
  };
}

function renameModel(whole: Model, { nameFor }: Renamer): Model {
  const from = new Map<string, string>();
  const clashes: string[] = [];
  const take = (name: string): string => {
    const renamed = nameFor(name);
    if (
      renamed !== name &&
      (renamed === '' || renamed === METADATA_KEY || /\0|\p{Surrogate}/u.test(renamed))
    ) {
      throw new RequestError(
        `${name} cannot be called ${JSON.stringify(renamed)}: that is no name for a tensor.`,
      );
    }
    const other = from.get(renamed);
    if (other !== undefined) clashes.push(`${other} and ${name} (${renamed})`);
    from.set(renamed, name);
    return renamed;
  };
  const tensors = new Map<string, Tensor>();
  const newNames = new Map<string, string>();
  for (const tensor of whole.tensors.values()) {
    const name = take(tensor.name);
    newNames.set(tensor.name, name);
    tensors.set(name, { ...tensor, name });
  }
  const aliases = new Map<string, string>();
  for (const [alias, owner] of whole.aliases) aliases.set(take(alias), newNames.get(owner)!);
  if (clashes.length > 0) throw new RequestError(`Two tensors cannot have one name: ${some(clashes)}.`);
  return { ...whole, tensors, aliases };
}

function some(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
