/** What the source of a class says of its fields. */
export interface ClassSource {
  /** True for modules; script classes, tuples and enums are none. */
  readonly isModule: boolean;
  readonly parameters: ReadonlySet<string>;
  /** `undefined` before torch 1.8, when every tensor of a module that is no parameter was a buffer. */
  readonly buffers: ReadonlySet<string> | undefined;
}

/**
 * The classes that a source file of TorchScript declares, by name. torch prints them in one form (a class begins at the
 * margin, its lists stand on one line each), so the text is looked at line by line, and nothing of it is run.
 */
export function classesIn(text: string): Map<string, ClassSource> {
  const classes = new Map<string, ClassSource>();
  let name: string | undefined;
  for (const line of text.split('\n')) {
    const declared = /^class ([^\s(:]+)(?:\(([^)]*)\))?:/.exec(line);
    if (declared !== null) {
      name = declared[1]!;
      classes.set(name, { isModule: declared[2] === 'Module', parameters: new Set(), buffers: undefined });
      continue;
    }
    if (/^\S/.test(line)) name = undefined;
    if (name === undefined) continue;
    const list = /^ {2}__(parameters|buffers)__ = \[(.*)\]\s*$/.exec(line);
    if (list !== null) classes.set(name, { ...classes.get(name)!, [list[1]!]: new Set(namesIn(list[2]!)) });
  }
  return classes;
}

/** The names of a list such as `"weight", "bias", `. torch puts quotes around names and changes nothing in them. */
function namesIn(list: string): string[] {
  const inner = /^"(.*)", ?$/.exec(list)?.[1];
  return inner === undefined ? [] : inner.split('", "');
}
