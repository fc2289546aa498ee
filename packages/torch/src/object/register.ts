import { type Limits, TorshError } from '@torsh/bytes';
import { DEFAULT_MODEL, elementsOf } from '@torsh/core';
import type { PyObject, PyPersistent } from '@torsh/pickle';
import { malformed } from './errors.ts';
import { names } from './names.ts';
import type { Reading } from './reading.ts';
import { checkView, identityOf, rooted, type Storage, type View } from './view.ts';

/** The model of an archive for tensors that a module holds but that its `state_dict()` leaves out. */
export const EXTRA = 'extra';

/** A tensor that was found, under its name. */
export interface Found {
  readonly name: string;
  readonly view: View;
  /** The model of the archive that it goes to: the usual one, or `extra`. */
  readonly model: string;
  /** True where the name is that of a tensor of the other model that shows the same. */
  readonly borrowed?: true;
}

/** The tensors of one model, and other names of some of them. */
export interface Named {
  readonly found: readonly Found[];
  /** Other name → name. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** Everything that was found on a walk over an object: what goes to the usual model, and what to `extra`. */
export interface Walked extends Named {
  readonly extra: Named;
  /** Which tensor each rebuild call, or bare storage, became. */
  readonly nodes: ReadonlyMap<PyObject | PyPersistent, Found>;
  /** Tensors that have no data to extract, with the reason. */
  readonly empty: readonly { readonly name: string; readonly reason: string }[];
  /** Modules whose state dict passes through hooks, by the way that leads to them. */
  readonly hooked: readonly string[];
}

/** What was found, as far as its bytes matter. */
export interface Listed {
  readonly found: readonly Found[];
  readonly extra?: Named;
}

/** Takes tensors down as they are met, each under a name of its own. */
export interface Register {
  readonly walked: Walked;
  /** How many names there are by now. */
  count(): number;
  /** From now on tensors go to `extra`, unless they have a name already. */
  turnToExtra(): void;
  add(node: PyObject | PyPersistent, view: View, path: () => readonly string[]): void;
  addEmpty(reason: string, path: readonly string[]): void;
  addHooked(path: () => readonly string[]): void;
}

/** More names of modules than these are only counted. */
const TOLD = 3;
const LONGEST = 200;

interface Column extends Named {
  readonly model: string;
  readonly found: Found[];
  readonly aliases: Map<string, string>;
  take(path: readonly string[]): string;
}

function column(model: string, limits: Limits): Column {
  return { model, found: [], aliases: new Map(), take: names(limits).take };
}

export function register({ limits, retyped = false }: Pick<Reading, 'limits' | 'retyped'>): Register {
  const [state, extra] = [column(DEFAULT_MODEL, limits), column(EXTRA, limits)];
  const nodes = new Map<PyObject | PyPersistent, Found>();
  const empty: { name: string; reason: string }[] = [];
  const hooked: string[] = [];
  const owners = ownership(retyped);
  let [into, named] = [state, 0];

  return {
    walked: { found: state.found, aliases: state.aliases, extra, nodes, empty, hooked },
    count: () => named,
    turnToExtra() {
      into = extra;
    },
    add(node, said, path) {
      const view = rooted(said);
      const met = nodes.get(node);
      const owner = met ?? owners.of(view);
      if (owner !== undefined && owner.model !== into.model) {
        if (met === undefined) nodes.set(node, { ...owner, view, borrowed: true });
        return;
      }
      if (++named > limits.entries) {
        throw new TorshError(
          'limit',
          `The object names more than ${limits.entries} tensors (limit entries).`,
        );
      }
      const name = into.take(path());
      const found = { name, view, model: into.model };
      if (met === undefined) nodes.set(node, found);
      if (owner === undefined || view !== said) checkView(said, name);
      if (owner !== undefined) {
        into.aliases.set(name, into.aliases.get(owner.name) ?? owner.name);
        return;
      }
      owners.add(found);
      into.found.push(found);
    },
    addEmpty(reason, path) {
      empty.push({ name: into.take(path), reason });
    },
    addHooked(path) {
      hooked.push(hooked.length < TOLD ? path().join('.').slice(0, LONGEST) : '');
    },
  };
}

/** Which tensor was the first to show the same elements in the same order. */
interface Ownership {
  of(view: View): Found | undefined;
  add(found: Found): void;
}

/** Most storages are shown once: only those that are shown again need more than a look at the first tensor. */
function ownership(retyped: boolean): Ownership {
  const first = new Map<string, Found>();
  const others = new Map<string, Found>();
  return {
    of(view) {
      if (view.storage.key === '') return undefined;
      const found = first.get(view.storage.record);
      if (found === undefined) return undefined;
      checkSame(view.storage, found.view.storage, retyped);
      // Tensors without elements look alike without being one.
      if (elementsOf(view.size) === 0) return undefined;
      const identity = identityOf(view);
      return identityOf(found.view) === identity ? found : others.get(identity);
    },
    add(found) {
      const { key, record } = found.view.storage;
      if (key === '') return;
      if (first.has(record)) others.set(identityOf(found.view), found);
      else first.set(record, found);
    },
  };
}

/** One storage has one type and one length, whoever asks for it; in a torch.package only its bytes are fixed. */
function checkSame(storage: Storage, known: Storage, retyped: boolean): void {
  const { key, record, className, numel } = storage;
  if (className === known.className && numel === known.numel) return;
  const bytesOf = ({ numel: count, type }: Storage) => count * type.itemBytes;
  if (retyped && bytesOf(storage) === bytesOf(known)) return;
  throw malformed(
    `The storage ${key} is asked for as ${numel} elements of ${className} and as ${known.numel} of ${known.className}.`,
    record,
  );
}

/** The places of all storages that tensors show. */
export function* recordsOf({ found, extra }: Walked): Generator<string> {
  for (const { view } of found) yield view.storage.record;
  for (const { view } of extra.found) yield view.storage.record;
}
