/** The names that are known at some point of a graph: its own, and those of the graphs around it. */
export interface Scope {
  readonly names: Set<string>;
  readonly around: Scope | undefined;
}

/** A scope without names yet. */
export function scope(around?: Scope): Scope {
  return { names: new Set(), around };
}

/** True where a name is known, in this graph or around it. */
export function knows(here: Scope, name: string): boolean {
  for (let at: Scope | undefined = here; at !== undefined; at = at.around)
    if (at.names.has(name)) return true;
  return false;
}
