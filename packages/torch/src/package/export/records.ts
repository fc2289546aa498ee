import { type ByteSource, fromBytes, pathFlaw } from '@torsh/bytes';
import type { RecordFile } from '../../zip/write-container.ts';

/** The records of a package in the order in which they will be written. */
export interface Records {
  readonly all: readonly RecordFile[];
  has(name: string): boolean;
  /** Throws where there can be no record of this name, or is one already. */
  check(name: string): void;
  add(name: string, content: string | ByteSource): void;
}

export function records(): Records {
  const all: RecordFile[] = [];
  // torch finds records whatever the case of their ASCII letters, so two that differ only there would be one.
  const names = new Map<string, string>();
  const check = (name: string): void => {
    checkName(name);
    const twin = names.get(caseless(name));
    if (twin === undefined) return;
    const why = twin === name ? '' : `, as '${twin}': torch does not tell letters by their case`;
    throw new TypeError(
      `Tried to write file '${name}', but it already exists in this archive${why}. Give it another name.`,
    );
  };
  return {
    all,
    has: (name) => names.has(caseless(name)),
    check,
    add(name, content) {
      check(name);
      names.set(caseless(name), name);
      all.push({ name, sources: [typeof content === 'string' ? fromText(content) : content] });
    },
  };
}

function fromText(text: string): ByteSource {
  return fromBytes(new TextEncoder().encode(text));
}

function checkName(name: string): void {
  if (/^<torch_package_\d+>/.test(name)) {
    throw new TypeError(
      `Tried to save a torch.package'd module as '${name}'. Directly saving torch.package'd modules is not allowed.`,
    );
  }
  const flaw = pathFlaw(name);
  if (flaw !== undefined) throw new TypeError(`There can be no file '${name}' in a package: ${flaw}.`);
}

function caseless(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Where a resource of a package is. */
export function resourcePath(name: string, resource: string): string {
  if (resource.includes('/')) throw new TypeError(`'${resource}' must be only a file name`);
  if (resource === '') throw new TypeError('A resource needs a file name.');
  return `${name.replaceAll('.', '/')}/${resource}`;
}

/** Where the source of a module is. */
export function modulePath(module: string, isPackage: boolean): string {
  return `${module.replaceAll('.', '/')}${isPackage ? '/__init__.py' : '.py'}`;
}
