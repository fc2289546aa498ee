/** Gives the models of an archive names that can be file names on every system, each its own. */
export function modelNames(): (wanted: string) => string {
  const taken = new Set<string>();
  return (wanted) => {
    const safe = wanted
      .slice(0, 100)
      .replace(/[^A-Za-z0-9_.-]/g, '_')
      .replace(/^[.-]|\.$/g, '_');
    let name = safe;
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${safe}-${count}`;
    taken.add(name.toLowerCase());
    return name;
  };
}
