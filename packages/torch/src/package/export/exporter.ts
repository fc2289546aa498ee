import {
  type ByteSink,
  type ByteSource,
  defaultLimits,
  type FileTree,
  fromBytes,
  type Limits,
} from '@torsh/bytes';
import type { PickleValue } from '@torsh/pickle';
import { allPaths, type Digraph, type GlobPattern, toDot } from '@torsh/python';
import { writeRecords, writingOf } from '../../zip/write-container.ts';
import { type HookHandle, hooks } from './hooks.ts';
import { importsOf } from './imports.ts';
import { layOut } from './layout.ts';
import type { MissingImport, ModuleGraph } from './module-graph.ts';
import { moduleGraphOf, PYTHON_VERSION } from './module-graph-of.ts';
import type { Action, ExportNode } from './node.ts';
import type { PackageExporterOptions, SaveOptions, SavePickleOptions, SaveSourceOptions } from './options.ts';
import { type PatternOptions, type Patterns, patterns } from './patterns.ts';
import { type PickleWriter, pickleWriter } from './pickle-writer.ts';
import { modulesOf } from './pickles.ts';
import { byCodePoint } from './python-text.ts';
import { checkOrigin, generatedIn } from './re-export.ts';
import { type Records, records, resourcePath } from './records.ts';
import { type SourceFile, sourceFiles } from './source-files.ts';

/** Is told of the exporter and of a module on which something was decided. */
export type ActionHook = (exporter: PackageExporter, module: string) => void | Promise<void>;

/**
 * Makes a torch.package: code, pickles and any other files in one file that real torch imports. Nothing is imported or run.
 * What is given is read when `close` writes the file, so it must not change before; until then nothing is written.
 *
 * A class, because it is a thing with a state that grows, and because it is one in Python.
 */
export class PackageExporter {
  readonly #sink: ByteSink;
  readonly #options: PackageExporterOptions;
  readonly #limits: Limits;
  readonly #patterns: Patterns = patterns();
  readonly #modules: ModuleGraph;
  readonly #records: Records = records();
  readonly #pickles: PickleWriter;
  readonly #hooks = {
    intern: hooks<[PackageExporter, string]>(),
    extern: hooks<[PackageExporter, string]>(),
    mock: hooks<[PackageExporter, string]>(),
  };
  #state: 'open' | 'closing' | 'ended' = 'open';
  #lastId = 0;

  constructor(sink: ByteSink, options: PackageExporterOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#limits = options.limits ?? defaultLimits;
    this.#modules = moduleGraphOf(options, this.#patterns);
    this.#pickles = pickleWriter(this.#limits);
  }

  /** Takes modules that match into the package when something needs them, and what those need as well. */
  intern(include: GlobPattern, options: PatternOptions = {}): void {
    this.#decide('intern', include, options);
  }

  /** Leaves modules that match to the environment in which the package is loaded. */
  extern(include: GlobPattern, options: PatternOptions = {}): void {
    this.#decide('extern', include, options);
  }

  /** Puts stubs in the place of modules that match; whoever uses something of them gets an error that says so. */
  mock(include: GlobPattern, options: PatternOptions = {}): void {
    this.#decide('mock', include, options);
  }

  /** Makes it an error to need a module that matches. */
  deny(include: GlobPattern, options: Pick<PatternOptions, 'exclude'> = {}): void {
    this.#decide('deny', include, options);
  }

  /** Saves a text, which packaged code reads with `importlib.resources`. */
  async saveText(inPackage: string, resource: string, text: string): Promise<void> {
    this.#add(resourcePath(inPackage, resource), text);
  }

  /** Saves bytes. A source is read when the package is closed. */
  async saveBinary(inPackage: string, resource: string, bytes: Uint8Array | ByteSource): Promise<void> {
    this.#add(resourcePath(inPackage, resource), bytes instanceof Uint8Array ? fromBytes(bytes) : bytes);
  }

  /**
   * Saves a value of Python as a pickle: one made by `pyValue` and its like, or one that was read `from` another package. The
   * modules of the classes and functions in it are decided on.
   */
  async savePickle(
    inPackage: string,
    resource: string,
    value: PickleValue,
    { protocol = 3, dependencies = true, from }: SavePickleOptions = {},
  ): Promise<void> {
    this.#checkOpen();
    if (protocol !== 3 && protocol !== 4)
      throw new TypeError(`torch.package only supports pickle protocols 3 and 4, got ${protocol}`);
    const path = resourcePath(inPackage, resource);
    this.#records.check(path);
    const rename = (name: string) => name.replace(/\d+$/, () => this.getUniqueId());
    const written = this.#pickles.write(value, { protocol, from, rename });
    const modules = modulesOf(written.bytes, this.#limits);
    if (from !== undefined) await checkOrigin(modules, from, this.#options.importers ?? [], this.#modules);
    this.#pickles.keep(written);
    for (const [source, number] of written.storages) this.#add(`.data/${number}.storage`, source);
    for (const [name, newName] of written.generated) {
      const { files, source, isPackage } = await generatedIn(from!, name, newName);
      for (const file of files) this.#add(file.name, file.source);
      if (source !== undefined) await this.saveSourceString(newName, source, { isPackage });
    }
    const node = `<${inPackage}.${resource}>`;
    this.#modules.mark(node, { action: 'intern', isPickle: true });
    if (dependencies) {
      for (const [module, names] of modules)
        await this.#modules.needForPickle({ node, inPackage, resource }, module, names);
    }
    this.#add(path, fromBytes(written.bytes));
  }

  /** Saves a module with its source from the first importer that has it; it needs no pattern. */
  async saveModule(module: string, { dependencies = true }: SaveOptions = {}): Promise<void> {
    if (typeof module !== 'string') throw new TypeError('saveModule() expects the name of a module as text.');
    this.#checkOpen();
    await this.#modules.intern(module, dependencies);
  }

  /** Saves this text as the source of a module, in the place of whatever was its source so far. */
  async saveSourceString(module: string, source: string, options: SaveSourceOptions = {}): Promise<void> {
    this.#checkOpen();
    await this.#saveSources([{ module, source, isPackage: options.isPackage ?? false }], options);
  }

  /** Saves a file as the source of a module, or all `.py` files of a folder as that of a package and what is in it. */
  async saveSourceFile(module: string, files: FileTree, path = '', options: SaveOptions = {}): Promise<void> {
    this.#checkOpen();
    await this.#saveSources(await sourceFiles(module, files, path, this.#limits, this.#options), options);
  }

  /** Decides on a module as if something in the package needed it. */
  async addDependency(module: string): Promise<void> {
    this.#checkOpen();
    await this.#modules.need(module);
  }

  /** Calls a function for each module that is taken into the package, and each pickle, when the package is closed. */
  registerInternHook(hook: ActionHook): HookHandle {
    return this.#hooks.intern.add(hook);
  }

  /** Calls a function for each module that is left to the environment, when the package is closed. */
  registerExternHook(hook: ActionHook): HookHandle {
    return this.#hooks.extern.add(hook);
  }

  /** Calls a function for each module that is mocked, when the package is closed. */
  registerMockHook(hook: ActionHook): HookHandle {
    return this.#hooks.mock.add(hook);
  }

  /** A text that this exporter gives only once, for names of things that are made up. */
  getUniqueId(): string {
    return String(this.#lastId++);
  }

  /** The modules that the package takes from outside, sorted. */
  externedModules(): string[] {
    return this.#modulesWith('extern');
  }

  /** The modules in the package, sorted. */
  internedModules(): string[] {
    return this.#modulesWith('intern');
  }

  /** The modules that have stubs in their place, sorted. */
  mockedModules(): string[] {
    return this.#modulesWith('mock');
  }

  /** The modules that are needed although they were denied, sorted. */
  deniedModules(): string[] {
    return this.#modulesWith('deny');
  }

  /** Imports that led to nothing: like torch, the exporter passes over them. */
  missingImports(): readonly MissingImport[] {
    return this.#modules.missing;
  }

  /** The modules and pickles that need a module, in the order in which they came to. */
  getRdeps(module: string): readonly string[] {
    return this.#modules.nodes.predecessors(module);
  }

  /** All ways from one module to another as a graph in the DOT language; without an edge where there is none. */
  allPaths(from: string, to: string): string {
    return toDot(allPaths(this.#modules.nodes, from, to));
  }

  /** All that needs something and what it needs, as a graph in the DOT language. */
  dependencyGraphString(): string {
    return toDot(this.#modules.nodes);
  }

  /** What is known of each module and pickle, and what needs what. */
  get dependencyGraph(): Digraph<ExportNode> {
    return this.#modules.nodes;
  }

  /** Writes the package. A module that cannot be packaged is an error, and then there is no file. */
  async close(): Promise<void> {
    this.#checkOpen();
    this.#state = 'closing';
    try {
      await layOut({
        modules: this.#modules,
        patterns: this.#patterns,
        records: this.#records,
        pythonVersion: this.#options.pythonVersion ?? PYTHON_VERSION,
        debug: this.#options.debug === true,
        limits: this.#limits,
        decided: (action, name) => this.#hooks[action].run(this, name),
      });
    } catch (error) {
      await this.abort(error);
      throw error;
    }
    this.#state = 'ended';
    const { folder = 'archive', platform, signal = new AbortController().signal } = this.#options;
    const progress = writingOf(this.#records.all, { progress: (done) => this.#options.progress?.(done) });
    await writeRecords(this.#records.all, this.#sink, folder, { platform, signal }, progress);
  }

  /** Gives up: as if there never had been an exporter. */
  async abort(reason?: unknown): Promise<void> {
    this.#state = 'ended';
    await this.#sink.abort(reason);
  }

  /** Takes these texts for modules, and only then looks what they need: it may be among them. */
  async #saveSources(sources: readonly SourceFile[], { dependencies = true }: SaveOptions): Promise<void> {
    for (const { module, source, isPackage } of sources) this.#modules.provide(module, source, isPackage);
    if (!dependencies) return;
    for (const { module, source, isPackage } of sources)
      await this.#modules.follow(module, importsOf(source, module, isPackage, this.#limits));
  }

  #decide(action: Action, include: GlobPattern, options: PatternOptions): void {
    this.#checkOpen();
    this.#patterns.add(action, include, options);
  }

  #add(name: string, content: string | ByteSource): void {
    // Hooks may add files while the package is being closed.
    if (this.#state === 'ended') throw new TypeError('The package is closed already.');
    this.#records.add(name, content);
  }

  #checkOpen(): void {
    if (this.#state === 'ended') throw new TypeError('The package is closed already.');
    if (this.#state === 'closing')
      throw new TypeError(
        'The package is being closed: a hook may save texts and bytes, but nothing that needs modules.',
      );
  }

  #modulesWith(action: Action): string[] {
    const found: string[] = [];
    for (const [name, node] of this.#modules.nodes.nodes)
      if (node?.action === action && node.isPickle === undefined) found.push(name);
    return found.sort(byCodePoint);
  }
}
