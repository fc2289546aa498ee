import { TorshError } from '@torsh/bytes';
import { pathOf } from '../check/place.ts';
import type { ModelProto, NodeProto } from '../schema/message.ts';
import { type Body, bodiesOf } from '../summary/bodies.ts';

/** Parts that an error names. */
const NAMED = 6;

/** What is to be drawn: some nodes of a body. */
export interface Part {
  readonly body: Body;
  readonly nodes: readonly NodeProto[];
  readonly title: string;
}

/**
 * A part of a model by what was typed: the path of a graph or function, or the beginning of the names of nodes, up to a `/`
 * or a dot. Without it, the main graph.
 */
export function partOf(model: ModelProto, wanted: string | undefined): Part {
  const bodies = [...bodiesOf(model)];
  const main = bodies[0];
  if (wanted === undefined && main !== undefined) return whole(main);
  const body = bodies.find(({ place }) => pathOf(place) === wanted);
  if (body !== undefined) return whole(body);
  for (const each of bodies) {
    const nodes = each.node.filter(({ name = '' }) => isWithin(name, wanted ?? ''));
    if (nodes.length > 0) return { body: each, nodes, title: wanted ?? '' };
  }
  const parts = partsOf(bodies);
  const rest = parts.length > NAMED ? ` and ${parts.length - NAMED} more` : '';
  const there =
    parts.length === 0 ? 'The model has no nodes.' : `There are ${parts.slice(0, NAMED).join(', ')}${rest}.`;
  throw new TorshError('not-found', `The model has no part ${JSON.stringify(wanted ?? 'graph')}. ${there}`);
}

function whole(body: Body): Part {
  return { body, nodes: body.node, title: body.graph?.name || pathOf(body.place) };
}

function isWithin(name: string, scope: string): boolean {
  return (
    name.startsWith(scope) &&
    (name.length === scope.length || scope.endsWith('/') || /[/.]/.test(name[scope.length]!))
  );
}

/** The paths of all graphs, and the first parts of the names of nodes that exporters make of modules. */
function partsOf(bodies: readonly Body[]): string[] {
  const scopes = new Set<string>();
  for (const { name = '' } of bodies[0]?.node ?? []) {
    const scope = /^\/?[^/]+\//.exec(name)?.[0];
    if (scope !== undefined) scopes.add(scope.slice(0, -1));
  }
  return [...bodies.map(({ place }) => pathOf(place)), ...scopes];
}
