import type { FunctionProto, NodeProto } from '../schema/message.ts';
import { graphsOf } from './attribute.ts';
import type { Checking } from './checking.ts';
import { checkNodes } from './graph.ts';
import { type Opsets, opsetsOf } from './opsets.ts';
import { inside, type Place, quoted } from './place.ts';
import { scope } from './scope.ts';

/** More functions than this no tool makes, and the checker refuses them. */
const MOST = 10_000;

/** Calls of functions by functions that are deeper are refused, too. */
const DEEPEST = 100;

/** Checks the functions of a model, which are graphs without weights that nodes call by name. */
export async function checkFunctions(
  functions: readonly FunctionProto[],
  opsets: Opsets,
  checking: Checking,
): Promise<void> {
  const places = functions.map(({ name }, index) => inside(undefined, 'functions', index, name));
  const own = functions.map((each, index) => opsetsOf(each.opset_import, places[index], checking));
  const all = new Map(opsets);
  for (const imported of own) {
    for (const [domain, version] of imported) if (!all.has(domain)) all.set(domain, version);
  }
  if (functions.length > MOST) {
    checking.found(
      'function-unique',
      places[MOST]!,
      `There are ${functions.length} functions; at most ${MOST} may be.`,
    );
  } else {
    checkCalls(functions, places, checking);
  }
  for (const [index, each] of functions.entries()) {
    await checkFunction(each, own[index]!, all, places[index]!, checking);
  }
}

async function checkFunction(
  it: FunctionProto,
  opsets: Opsets,
  all: Opsets,
  place: Place,
  checking: Checking,
): Promise<void> {
  if (!it.name) checking.found('function-name', place, 'The function has no name.');
  if (it.domain === undefined) checking.found('function-name', place, 'The function has no domain.');
  const here = scope();
  for (const [rule, field] of [
    ['input-unique', 'input'],
    ['function-names', 'output'],
    ['function-names', 'attribute'],
  ] as const) {
    for (const [index, name] of repeated(it[field])) {
      const message = `There is an ${field} ${quoted(name)} already.`;
      checking.found(rule, inside(place, field, index, name), message);
    }
  }
  for (const name of it.input) here.names.add(name);
  for (const [index, node] of it.node.entries()) {
    checkOpset(node, opsets, all, inside(place, 'node', index, node.name || node.op_type), checking);
  }
  await checkNodes(it.node, opsets, true, here, place, checking);
}

function* repeated(names: readonly string[]): Generator<[number, string]> {
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (seen.has(name)) yield [index, name];
    seen.add(name);
  }
}

/** An operator may change from version to version; in a function it must be the one that it is elsewhere. */
function checkOpset(
  { op_type: operator = '', domain = '' }: NodeProto,
  opsets: Opsets,
  all: Opsets,
  place: Place,
  checking: Checking,
): void {
  const [inner, outer] = [opsets.get(domain), all.get(domain)];
  if (inner === undefined) {
    checking.found('function-opset', place, `The function does not import the domain ${quoted(domain)}.`);
    return;
  }
  if (outer === undefined || inner === outer) return;
  const [here, there] = [inner, outer].map((version) => checking.operators(domain, operator, version)?.since);
  if (here === there) return;
  const message = `${quoted(operator)} differs between version ${inner}, imported here, and ${outer}, imported by the model.`;
  checking.found('function-opset', place, message);
}

/** Finds functions that are there twice, and those that call themselves through others. */
function checkCalls(functions: readonly FunctionProto[], places: readonly Place[], checking: Checking): void {
  const indices = new Map<string, number>();
  for (const [index, { domain, name, overload }] of functions.entries()) {
    const key = keyOf(domain, name, overload);
    if (indices.has(key)) {
      const message = 'There is a function of this domain, name and overload already.';
      checking.found('function-unique', places[index]!, message);
    } else {
      indices.set(key, index);
    }
  }
  const calls = functions.map(({ node }) => [...new Set(calleesOf(node, indices))]);
  const heights = new Map<number, number>();
  for (const index of functions.keys()) follow(index, calls, heights, places, checking);
}

/** Follows the calls from one function with a stack of its own, once for each function. */
function follow(
  start: number,
  calls: readonly (readonly number[])[],
  heights: Map<number, number>,
  places: readonly Place[],
  checking: Checking,
): void {
  if (heights.has(start)) return;
  const path = [{ at: start, next: 0 }];
  const open = new Set([start]);
  for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
    const callees = calls[last.at]!;
    const callee = callees[last.next++];
    if (callee === undefined) {
      path.pop();
      open.delete(last.at);
      const height = callees.reduce((most, each) => Math.max(most, heights.get(each) ?? 0), 0) + 1;
      heights.set(last.at, height);
      if (height === DEEPEST + 1) {
        checking.found(
          'function-calls',
          places[last.at]!,
          `Functions call each other more than ${DEEPEST} deep.`,
        );
      }
    } else if (open.has(callee)) {
      checking.found(
        'function-calls',
        places[last.at]!,
        'The function calls itself, through others or at once.',
      );
    } else if (!heights.has(callee)) {
      path.push({ at: callee, next: 0 });
      open.add(callee);
    }
  }
}

/** The functions that nodes call, in graphs within nodes too. */
function* calleesOf(nodes: readonly NodeProto[], indices: ReadonlyMap<string, number>): Generator<number> {
  const open = [...nodes];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const index = indices.get(keyOf(node.domain, node.op_type, node.overload));
    if (index !== undefined) yield index;
    for (const attribute of node.attribute) {
      for (const [graph] of graphsOf(attribute, inside(undefined, ''))) {
        for (const each of graph.node) open.push(each);
      }
    }
  }
}

function keyOf(domain = '', name = '', overload = ''): string {
  return JSON.stringify([domain, name, overload]);
}
