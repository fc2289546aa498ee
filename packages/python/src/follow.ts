import { type Limits, TorshError } from '@torsh/bytes';
import type { FoundModule, ModuleFinder } from './finder.ts';
import type { GlobGroup } from './glob.ts';
import { type Digraph, digraph } from './graph.ts';
import { imports } from './imports.ts';
import { findDependencies } from './needed.ts';

/** What a user can say about modules. */
export type RuleAction = 'intern' | 'extern' | 'mock' | 'deny';

/** What is done with a module; `skip` and `mock-support` are for the two modules that packages bring themselves. */
export type ModuleAction = RuleAction | 'skip' | 'mock-support';

/** Why a module cannot be packed. */
export type ProblemReason =
  | 'is-extension-module'
  | 'no-file'
  | 'source-not-found'
  | 'dependency-resolution-failed'
  | 'no-action'
  | 'denied'
  | 'mocked-but-still-used';

/** A reason, and what is known besides. */
export interface Problem {
  readonly reason: ProblemReason;
  readonly context?: string;
}

/** What is known of a node of the graph: a module, or a pickle under the name `<package.resource>`. */
export interface DependencyNode {
  /** Nothing until something has decided. */
  readonly action?: ModuleAction;
  readonly isPackage?: boolean;
  readonly source?: string;
  readonly isPickle?: boolean;
  readonly problem?: Problem;
}

/** Names of modules with what is to be done with them. The first rule that matches a module decides. */
export interface Rule {
  readonly action: RuleAction;
  readonly names: GlobGroup;
}

/** What following dependencies needs to be lent. */
export interface FollowOptions {
  readonly finder: ModuleFinder;
  /** What is done with a module before any rule is asked: see `packageModules`. */
  implicit(name: string): ModuleAction | undefined;
  readonly limits: Limits;
  readonly signal?: AbortSignal;
}

/** A class or function that a pickle names. */
export interface UsedName {
  readonly module: string;
  readonly name: string;
}

/** Dependencies that are being followed: what `PackageExporter` of torch.package knows while it collects. */
export interface DependencyFollower {
  readonly graph: Digraph<DependencyNode>;
  /** Adds a rule behind the others. It holds for what is met from now on. */
  addRule(rule: Rule): void;
  /** Whether a rule has matched a module. */
  hasMatched(rule: Rule): boolean;
  /** Source text as a module of the package; it replaces what was there under that name. */
  addSource(
    module: string,
    source: string,
    options?: { isPackage?: boolean; follow?: boolean },
  ): Promise<void>;
  /** A module that the finder has, whatever the rules say. */
  addModule(module: string, options?: { follow?: boolean }): Promise<void>;
  /** A module that something needs, by the rules. */
  addDependency(module: string, options?: { follow?: boolean }): Promise<void>;
  /** A pickle, and the names in it in their order. */
  addPickle(
    inPackage: string,
    resource: string,
    names: Iterable<UsedName>,
    options?: { follow?: boolean },
  ): Promise<void>;
}

/** A module whose dependencies are being followed: those that are left. */
interface Open {
  readonly module: string;
  readonly needed: Iterator<string>;
}

/** Follows dependencies from what is added, depth first and in order, by the rules of torch.package. */
export function followDependencies({ finder, implicit, limits, signal }: FollowOptions): DependencyFollower {
  const graph = digraph<DependencyNode>();
  const rules: Rule[] = [];
  const matched = new Set<Rule>();

  const room = (name: string) => {
    if (graph.nodes.has(name) || graph.nodes.size < limits.entries) return;
    throw new TorshError('limit', `There are more than ${limits.entries} modules (limit entries).`);
  };
  const set = (name: string, node: DependencyNode) => {
    room(name);
    graph.addNode(name, node);
  };
  const connect = (from: string, to: string) => {
    room(to);
    graph.addEdge(from, to);
  };

  const opened = async (module: string, node: DependencyNode & { source: string }, follow: boolean) => {
    set(module, node);
    if (!follow) return undefined;
    const { references, failure } = imports(
      node.source,
      { module, isPackage: node.isPackage === true },
      limits,
    );
    if (failure !== undefined) {
      set(module, { ...node, problem: { reason: 'dependency-resolution-failed', context: failure.message } });
    }
    return { module, needed: (await findDependencies(references, finder)).values() };
  };

  const intern = async (module: string, follow: boolean): Promise<Open | undefined> => {
    const found = await finder.find(module);
    if (found === undefined)
      throw new TorshError('not-found', `No module named '${module}'`, { path: module });
    const { isPackage } = found;
    if (found.source === undefined) {
      set(module, { action: 'intern', isPackage, problem: withoutSource(found) });
      return undefined;
    }
    return opened(module, { action: 'intern', isPackage, source: await found.source() }, follow);
  };

  const decide = async (module: string, follow: boolean): Promise<Open | undefined> => {
    if (graph.nodes.get(module)?.action !== undefined) return undefined;
    const given = implicit(module);
    if (given !== undefined) {
      set(module, { action: given });
      return undefined;
    }
    const rule = rules.find(({ names }) => names.matches(module));
    if (rule === undefined) {
      set(module, { problem: { reason: 'no-action' } });
      return undefined;
    }
    matched.add(rule);
    if (rule.action === 'intern') return intern(module, follow);
    set(module, {
      action: rule.action,
      ...(rule.action === 'deny' ? { problem: { reason: 'denied' } } : {}),
    });
    return undefined;
  };

  /** Works off what an opened module needs, and what that needs, without recursion. */
  const work = async (first: Open | undefined): Promise<void> => {
    const stack = first === undefined ? [] : [first];
    for (let open = stack.at(-1); open !== undefined; open = stack.at(-1)) {
      signal?.throwIfAborted();
      const next = open.needed.next();
      if (next.done === true) {
        stack.pop();
        continue;
      }
      connect(open.module, next.value);
      const inner = await decide(next.value, true);
      if (inner !== undefined) stack.push(inner);
    }
  };

  return {
    graph,
    addRule: (rule) => void rules.push(rule),
    hasMatched: (rule) => matched.has(rule),
    addSource: async (module, source, { isPackage = false, follow = true } = {}) =>
      work(await opened(module, { action: 'intern', isPackage, source }, follow)),
    addModule: async (module, { follow = true } = {}) => work(await intern(module, follow)),
    addDependency: async (module, { follow = true } = {}) => work(await decide(module, follow)),
    async addPickle(inPackage, resource, names, { follow = true } = {}) {
      const node = `<${inPackage}.${resource}>`;
      set(node, { action: 'intern', isPickle: true });
      if (!follow) return;
      const used = byModule(names);
      for (const [module, members] of used) {
        connect(node, module);
        const mocked = implicit(module) === undefined && rules.find(({ names }) => names.matches(module));
        if (mocked && mocked.action === 'mock') {
          set(module, { action: 'mock', problem: mockedButUsed(module, members, inPackage, resource) });
        } else await work(await decide(module, true));
      }
    },
  };
}

function withoutSource({ path }: FoundModule): Problem {
  if (path === undefined) return { reason: 'no-file' };
  if (/\.(?:so|pyd)$/.test(path)) return { reason: 'is-extension-module' };
  return { reason: 'source-not-found', context: `filename: ${path}` };
}

/** In torch's words, with its space at the end. */
function mockedButUsed(
  module: string,
  used: readonly UsedName[],
  inPackage: string,
  resource: string,
): Problem {
  const names = `[${used.map(({ name }) => `'${name}'`).join(', ')}]`;
  const context = `Object(s) '${names}' from module \`${module}\` was mocked out during packaging but is being used in resource - \`${resource}\` in package \`${inPackage}\`. `;
  return { reason: 'mocked-but-still-used', context };
}

function byModule(names: Iterable<UsedName>): Map<string, UsedName[]> {
  const groups = new Map<string, UsedName[]>();
  for (const used of names) {
    const group = groups.get(used.module);
    if (group === undefined) groups.set(used.module, [used]);
    else group.push(used);
  }
  return groups;
}
