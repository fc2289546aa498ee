import type { ModelProto, Placed } from '../schema/message.ts';
import { type MessageName, schema } from '../schema/schema.ts';
import type { Checking } from './checking.ts';
import { inside, type Place } from './place.ts';

/** Protobuf's own readers stop here, whatever the language. */
const DEEPEST = 100;

/** A message within another one. */
interface Child {
  readonly field: string;
  readonly kind: MessageName;
  readonly message: Placed;
}

/** The fields of each message that hold messages. */
const nested = new Map(
  (Object.keys(schema) as MessageName[]).map((message) => [
    message,
    Object.entries(schema[message])
      .filter(([, [, kind]]) => Object.hasOwn(schema, kind))
      .map(([field, [, kind]]): [field: string, kind: MessageName] => [field, kind as MessageName]),
  ]),
);

/** How deep each kind of message goes at most; those that can hold their own kind have no bound. */
const heights = new Map((Object.keys(schema) as MessageName[]).map((kind) => [kind, heightOf(kind, [])]));

/** Finds the first message that is nested too deep. Only where there is none may the other rules follow the nesting. */
export function checkNesting(model: ModelProto, checking: Checking): boolean {
  const open = [{ field: '', children: childrenOf(model, 'ModelProto') }];
  for (let last = open[0]; last !== undefined; last = open.at(-1)) {
    const { done, value } = last.children.next();
    if (done === true) {
      open.pop();
    } else if (open.length > DEEPEST) {
      const fields = [...open.slice(1).map(({ field }) => field), value.field];
      const place = fields.reduce<Place | undefined>((above, field) => inside(above, field), undefined);
      const message = `Messages are nested more than ${DEEPEST} deep here; readers of protobuf refuse that.`;
      checking.found('nesting', place!, message);
      return false;
    } else if (open.length + heights.get(value.kind)! > DEEPEST) {
      open.push({ field: value.field, children: childrenOf(value.message, value.kind) });
    }
  }
  return true;
}

function* childrenOf(message: Placed, kind: MessageName): Generator<Child, undefined> {
  for (const [field, inner] of nested.get(kind)!) {
    const value = (message as unknown as Record<string, Placed | readonly Placed[] | undefined>)[field];
    if (Array.isArray(value)) for (const each of value) yield { field, kind: inner, message: each };
    else if (value !== undefined) yield { field, kind: inner, message: value as Placed };
  }
}

function heightOf(kind: MessageName, above: readonly MessageName[]): number {
  if (above.includes(kind)) return Number.POSITIVE_INFINITY;
  const inner = nested.get(kind)!.map(([, each]) => heightOf(each, [...above, kind]) + 1);
  return Math.max(0, ...inner);
}
