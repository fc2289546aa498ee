/** Where in a model something is: `graph/node[3]("conv1")/attribute[0]("value")/t`. */
export interface Place {
  readonly above: Place | undefined;
  readonly field: string;
  readonly index: number | undefined;
  readonly name: string | undefined;
}

/** Characters of a name that are shown; the index says which one it is. */
const SHOWN = 60;

/** A part of what is at `above`. Paths are only spelled out where something was found. */
export function inside(above: Place | undefined, field: string, index?: number, name?: string): Place {
  return { above, field, index, name };
}

/** The path of a place. */
export function pathOf(place: Place): string {
  const parts: string[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.above) parts.push(partOf(at));
  return parts.reverse().join('/');
}

function partOf({ field, index, name }: Place): string {
  const number = index === undefined ? '' : `[${index}]`;
  return `${field}${number}${name ? `(${quoted(name)})` : ''}`;
}

/** A name from a file as it is put into messages and paths. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > SHOWN ? `${name.slice(0, SHOWN)}…` : name);
}
