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

/** The texts of a list such as `"weight", "bias", `. */
function namesIn(list: string): string[] {
  return Array.from(list.matchAll(/"((?:[^"\\]|\\.)*)"/g), ([, inner]) => unescaped(inner!));
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Undoes what torch does to names that are not plain; bytes beyond ASCII are three octal digits each. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes: number[] = [];
  for (const [, octal, letter, plain] of text.matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gs)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else for (const byte of new TextEncoder().encode(plain ?? ESCAPES[letter!] ?? letter!)) bytes.push(byte);
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}
