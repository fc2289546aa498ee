import { type Limits, type ReadOptions, TorshError } from '@torsh/bytes';
import { type Digraph, digraph, type FoundModule, type ModuleFinder } from '@torsh/python';
import type { Environment } from './environment/environment.ts';
import { type Imports, importsOf, type KnownImports } from './imports.ts';
import type { ExportNode } from './node.ts';
import type { Patterns } from './patterns.ts';
import { problemOf } from './problem.ts';
import { pythonList } from './python-text.ts';
import { modulePath } from './records.ts';

/** An import that leads to nothing that can be imported: torch passes over such, and so does the exporter. */
export interface MissingImport {
  readonly module: string;
  /** The module that imports it. */
  readonly from: string;
}

/** What the graph of a package is made with. */
export interface ModuleGraphOptions extends ReadOptions {
  /** Asked in order: the first that has a module decides. */
  readonly finders: readonly ModuleFinder[];
  readonly environment: Environment;
  readonly patterns: Pick<Patterns, 'take' | 'peek'>;
  readonly limits: Limits;
}

/** A pickle in the graph. */
export interface PickleNode {
  readonly node: string;
  readonly inPackage: string;
  readonly resource: string;
}

/** A module that can be imported, as far as that can be told without doing it. */
interface Importable extends FoundModule {
  /** True for one that nobody was seen to have: the environment must have it. */
  readonly assumed?: true;
  readonly imports?: Imports;
}

/** The modules and pickles of a package, what they need, and what becomes of each. */
export class ModuleGraph {
  readonly nodes: Digraph<ExportNode> = digraph();
  readonly #options: ModuleGraphOptions;
  readonly #found = new Map<string, Promise<Importable | undefined>>();
  readonly #missing = new Map<string, MissingImport>();

  constructor(options: ModuleGraphOptions) {
    this.#options = options;
  }

  /** Imports that led to nothing, each once for each module that has it. */
  get missing(): readonly MissingImport[] {
    return [...this.#missing.values()];
  }

  /** Adds what is known of a node to what was known before. */
  mark(name: string, known: ExportNode): void {
    this.nodes.addNode(name, { ...this.nodes.nodes.get(name), ...known });
  }

  /** Takes a module of this text into the package, whatever was decided on it before. */
  provide(module: string, source: string, isPackage: boolean): void {
    const { problem, ...before } = this.nodes.nodes.get(module) ?? {};
    // That nobody had said what to do with it is no problem any more.
    const kept = problem === undefined || problem === 'no-action' ? before : { ...before, problem };
    this.nodes.addNode(module, { ...kept, source, isPackage, action: 'intern' });
  }

  /** Decides on everything that a module of this text imports. */
  async follow(module: string, imports: Imports): Promise<void> {
    if ('failure' in imports) {
      this.mark(module, { problem: 'dependency-resolution-failed', context: imports.failure });
      return;
    }
    for (const needed of await this.#neededBy(module, imports)) {
      this.nodes.addEdge(module, needed);
      await this.need(needed);
    }
  }

  /** Decides on a module that something needs, unless that is decided: the first rule that applies counts. */
  async need(module: string): Promise<void> {
    if (this.nodes.nodes.get(module)?.action !== undefined) return;
    const { environment, patterns } = this.#options;
    // Packaged code reaches its importer under this name; every importer makes it anew.
    if (module === 'torch_package_importer') return this.mark(module, { action: 'skip' });
    if (module === '_mock') return this.mark(module, { action: 'mock-support' });
    if (environment.isImplicit(module)) return this.mark(module, { action: 'extern' });
    const action = patterns.take(module);
    if (action === undefined) return this.mark(module, { problem: 'no-action' });
    this.mark(module, action === 'deny' ? { action, problem: 'denied' } : { action });
    if (action === 'intern') await this.intern(module, true);
  }

  /** Decides on a module of which a pickle names these classes and functions: if it is mocked, they are missing. */
  async needForPickle(
    { node, inPackage, resource }: PickleNode,
    module: string,
    names: readonly string[],
  ): Promise<void> {
    this.nodes.addEdge(node, module);
    const { environment, patterns } = this.#options;
    if (environment.isImplicit(module) || patterns.peek(module) !== 'mock') return this.need(module);
    const context = `Object(s) '${pythonList(names)}' from module \`${module}\` was mocked out during packaging but is being used in resource - \`${resource}\` in package \`${inPackage}\`. `;
    this.mark(module, { action: 'mock', problem: 'mocked-but-still-used', context });
  }

  /** Takes a module into the package, with its text from the first place that has it. */
  async intern(module: string, dependencies: boolean): Promise<void> {
    const found = await this.find(module);
    if (found === undefined) {
      const message = `No module named '${module}'. Give the exporter the folder or the package that it is in.`;
      throw new TorshError('not-found', message);
    }
    const { isPackage, file, text, imports } = found;
    if (text === undefined || imports === undefined) {
      this.mark(module, { action: 'intern', isPackage, ...problemOf(file) });
      return;
    }
    if ('failure' in imports && imports.syntax) {
      throw new TorshError('malformed', `The module ${module} is no Python: ${imports.failure}. Mend it.`, {
        path: file,
      });
    }
    this.provide(module, text, isPackage);
    if (dependencies) await this.follow(module, imports);
  }

  /** A module as the first place has it that does; each is asked for it once. */
  find(module: string): Promise<Importable | undefined> {
    const known = this.#found.get(module) ?? this.#ask(module);
    this.#found.set(module, known);
    return known;
  }

  async #ask(module: string): Promise<Importable | undefined> {
    for (const finder of this.#options.finders) {
      const found = await finder.find(module, this.#options);
      if (found === undefined) continue;
      const { text } = found;
      return text === undefined
        ? found
        : { ...found, imports: importsOf(text, module, found.isPackage, this.#options.limits) };
    }
    return this.#options.environment.has(module, false) ? assumed(module) : undefined;
  }

  async #neededBy(module: string, imports: KnownImports): Promise<Iterable<string>> {
    const needed = new Set<string>();
    for (const [name, member] of imports.names) {
      const submodule = `${name}.${member}`;
      // Where a name that is taken from a module is a module itself, that one is needed and not the one around it.
      if (member !== undefined && (await this.#exists(submodule, true))) needed.add(submodule);
      else if (await this.#exists(name, false)) needed.add(name);
      else this.#missing.set(`${module} ${name}`, { module: name, from: module });
    }
    return needed;
  }

  /** Whether a module could be imported. One that is no Python could not, so torch does not see it either. */
  async #exists(module: string, member: boolean): Promise<boolean> {
    const found = await this.find(module);
    if (found === undefined) return false;
    if (found.assumed) return this.#options.environment.has(module, member);
    return found.imports === undefined || !('failure' in found.imports && found.imports.syntax);
  }
}

/** A module of the environment: only `sys` is known to have no file. */
function assumed(module: string): Importable {
  const file = module === 'sys' ? undefined : modulePath(module, false);
  return { isPackage: false, file, assumed: true };
}
