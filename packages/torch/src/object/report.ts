import type { Context, Issue } from '@torsh/core';
import { importedName, type Pickle } from '@torsh/pickle';
import { isKnown } from './known.ts';
import { EXTRA, type Found, type Listed, type Walked } from './register.ts';
import { denseBytes } from './view.ts';
import { wellFormed } from './well-formed.ts';

/** Says something of a file; a note unless it is said to be a loss. */
export type Report = (code: string, message: string, subject?: string, severity?: Issue['severity']) => void;

export function reporter(context: Context): Report {
  return (code, message, subject, severity = 'note') =>
    context.report({
      severity,
      code,
      message: wellFormed(message),
      ...(subject === undefined ? {} : { subject: wellFormed(subject) }),
    });
}

/** Which classes and functions need no note in a file of some format. */
export type Known = (module: string, name: string) => boolean;

/** One note for each class or function that torsh does not know, where it stands for the first time. */
export function reportGlobals(
  { globals, protocol }: Pick<Pickle, 'globals' | 'protocol'>,
  path: string,
  report: Report,
  known: Known = isKnown,
): void {
  const seen = new Set<string>();
  for (const { module, name, offset, opcode } of globals) {
    const named = module !== undefined && name !== undefined;
    if (named && known(module, name)) continue;
    const full = named
      ? nameIn(protocol, module, name)
      : `a name that is made while the file is read (${opcode})`;
    if (seen.has(full)) continue;
    seen.add(full);
    const spelled = named && full !== `${module}.${name}` ? `, written as ${module}.${name}` : '';
    report(
      'opaque',
      `${full} is not known to torsh: it is kept as data and was never called (${path}, byte ${offset}${spelled}).`,
      full,
    );
  }
}

/** Notes spellings that no honest writer uses and that readers may understand differently. */
export function reportSpelling({ notes }: Pick<Pickle, 'notes'>, path: string, report: Report): void {
  for (const { code, message, offset } of notes)
    report(`pickle-${code}`, `${message} (${path}, byte ${offset})`);
}

/** Says that a pickle which has its place to itself does not fill it. */
export function reportBehind(
  { end }: Pick<Pickle, 'end'>,
  length: number,
  path: string,
  report: Report,
): void {
  if (end === length) return;
  const message = `${length - end} bytes behind the pickle, from byte ${end} of ${path} on, are not read.`;
  report('bytes-behind-pickle', message, path, 'loss');
}

/** Notes storages that several different tensors show, and bytes that none does. */
export function reportSharing({ found, extra }: Listed, report: Report): void {
  const all = extra === undefined ? [found] : [found, extra.found];
  const shared = sharedRecords(all);
  const uses = new Map<string, { readonly names: string[]; shown: number; readonly held: number }>();
  let unreachable = 0;
  for (const { name, view } of all.flat()) {
    const { key, record, numel, type } = view.storage;
    if (key === '') continue;
    const [shown, held] = [denseBytes(view), numel * type.itemBytes];
    if (!shared.has(record)) {
      unreachable += Math.max(0, held - shown);
      continue;
    }
    const use = uses.get(record) ?? { names: [], shown: 0, held };
    use.names.push(name);
    use.shown += shown;
    uses.set(record, use);
  }
  for (const { names, shown, held } of uses.values()) {
    unreachable += Math.max(0, held - shown);
    report(
      'shared-storage',
      `${names.slice(0, 4).join(', ')}${names.length > 4 ? ', …' : ''} show one storage in different ways; each is written whole, and that they share is recorded.`,
      names[0],
    );
  }
  if (unreachable > 0)
    report('unreachable', `${unreachable} bytes of storages belong to no tensor and are left out.`);
}

/** Storages that several tensors show: few, as a rule, so that only they need a list of names. */
function sharedRecords(all: readonly (readonly Found[])[]): ReadonlySet<string> {
  const [seen, shared] = [new Set<string>(), new Set<string>()];
  for (const found of all) {
    for (const { view } of found) {
      const { record } = view.storage;
      if (seen.has(record)) shared.add(record);
      else seen.add(record);
    }
  }
  return shared;
}

/** What a name in a pickle leads to: Python 3 still maps the names of Python 2 up to protocol 2. */
function nameIn(protocol: number, module: string, name: string): string {
  return protocol < 3 ? importedName(module, name).join('.') : `${module}.${name}`;
}

/** Notes what of modules is in no state dict, and where a state dict might have been another. */
export function reportModules({ extra, hooked }: Walked, report: Report): void {
  const [first] = extra.found;
  if (first !== undefined) {
    const message = `${extra.found.length} tensors are in no state dict (buffers that modules do not save, attributes, hooks, keys of dictionaries), such as ${first.name}; they are in the model ${EXTRA}.`;
    report('extra', message, first.name);
  }
  if (hooked.length > 0) {
    const named = hooked.slice(0, 3).map((name) => (name === '' ? 'the module itself' : name));
    const message = `${hooked.length} modules (${named.join(', ')}${hooked.length > 3 ? ', …' : ''}) have hooks on their state dict, which may change it; hooks are never run.`;
    report('state-dict-hooks', message, hooked[0]);
  }
}
