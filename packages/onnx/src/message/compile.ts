import type { Kind, Span } from '../schema/message.ts';
import { type MessageName, schema } from '../schema/schema.ts';

/** A field as the decoder needs it. */
export interface FieldPlan {
  readonly name: string;
  readonly kind: Kind;
  readonly many: boolean;
  /** The other fields that are taken away when this one is set. */
  readonly rivals: readonly string[];
  /** What is inside, where it is a message. */
  readonly inside: MessagePlan | undefined;
}

/** A message as the decoder needs it: its fields by number, and what an empty one is. */
export interface MessagePlan {
  readonly fields: ReadonlyMap<number, FieldPlan>;
  readonly empty: Draft;
}

/** A message that is being decoded. The names of its members are those of the schema, never those of a file. */
export type Draft = { [field: string]: unknown } & {
  span: Span;
  again: readonly Span[];
  unknown: readonly unknown[];
};

/** Shared by all lists without members, so that a message costs no more than its content. */
const NOTHING: readonly never[] = Object.freeze([]);

type Entry = readonly [number: number, kind: Kind, label?: 'many' | 'either'];

/** The plan of each message, made once. */
const plans: ReadonlyMap<MessageName, MessagePlan> = compile();

/** How a message is decoded. */
export function planOf(name: MessageName): MessagePlan {
  return plans.get(name)!;
}

function compile(): ReadonlyMap<MessageName, MessagePlan> {
  const names = Object.keys(schema) as MessageName[];
  const made = new Map(
    names.map((name) => [name, { fields: new Map<number, FieldPlan>(), empty: emptyOf(name) }]),
  );
  for (const name of names) {
    const entries = entriesOf(name);
    const either = entries.filter(([, [, , label]]) => label === 'either').map(([field]) => field);
    for (const [field, [number, kind, label]] of entries) {
      made.get(name)!.fields.set(number, {
        name: field,
        kind,
        many: label === 'many' || kind === 'payload',
        rivals: label === 'either' ? either.filter((other) => other !== field) : NOTHING,
        inside: made.get(kind as MessageName),
      });
    }
  }
  return made;
}

/** Every member is there from the beginning, so that all messages of a kind have one hidden class. */
function emptyOf(name: MessageName): Draft {
  const members = entriesOf(name).map(([field, [, kind, label]]): [string, unknown] => [
    field,
    label === 'many' || kind === 'payload' ? NOTHING : undefined,
  ]);
  const span: Span = { prefix: -1, offset: 0, length: 0 };
  return { ...Object.fromEntries(members), span, again: NOTHING, unknown: NOTHING };
}

function entriesOf(name: MessageName): [field: string, entry: Entry][] {
  return Object.entries(schema[name]) as unknown as [string, Entry][];
}
