/** Gives the models of an archive names that can be file names on every system, each its own. */
export function modelNames(): (wanted: string) => string {
  const taken = new Set<string>();
  // A file can ask for one name a hundred thousand times.
  const next = new Map<string, number>();
  return (wanted) => {
    const safe = wanted
      .slice(0, 100)
      .replace(/[^A-Za-z0-9_.-]/g, '_')
      .replace(/^[.-]|\.$/g, '_');
    let name = safe;
    for (let count = next.get(safe) ?? 2; taken.has(name.toLowerCase()); count++) {
      name = `${safe}-${count}`;
      next.set(safe, count + 1);
    }
    taken.add(name.toLowerCase());
    return name;
  };
}
