import { type Archive, type Model, model, type Tensor } from './archive.ts';

/** Matches text with a pattern of `*` (any run of characters) and `?` (one character), without backtracking into patterns of many `*`. */
export function matches(pattern: string, text: string): boolean {
  let [p, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/**
 * The archive with only the tensors whose name, alone or as `model:name`, matches one of the patterns. A tied name steps
 * in for a lost owner; a model that loses all its tensors goes too.
 */
export function select(archive: Archive, patterns: readonly string[]): Archive {
  const models = new Map<string, Model>();
  for (const each of archive.models.values()) {
    const wanted = (name: string) =>
      patterns.some((pattern) => matches(pattern, name) || matches(pattern, `${each.name}:${name}`));
    const chosen = selectModel(each, wanted);
    if (chosen.tensors.size > 0 || each.tensors.size === 0) models.set(each.name, chosen);
  }
  return { ...archive, models };
}

function selectModel(whole: Model, wanted: (name: string) => boolean): Model {
  const tensors: Tensor[] = [];
  const aliases = new Map<string, string>();
  const owners = new Map<string, string>();
  const keep = (name: string, owner: string): void => {
    if (!wanted(name)) return;
    const kept = owners.get(owner);
    if (kept !== undefined) {
      aliases.set(name, kept);
      return;
    }
    owners.set(owner, name);
    tensors.push({ ...whole.tensors.get(owner)!, name });
  };
  for (const name of whole.tensors.keys()) keep(name, name);
  for (const [name, owner] of whole.aliases) keep(name, owner);
  return model(tensors, { name: whole.name, aliases, metadata: whole.metadata });
}
