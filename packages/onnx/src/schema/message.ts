import type { MessageName, schema } from './schema.ts';

/** Where a message or a field lies in the file. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/** Where the body of a message lies: all its fields, behind the length that is before them. */
export interface Span extends Stretch {
  /** Where its length is written; the message of the whole file has none, and says -1. */
  readonly prefix: number;
}

/** A stretch of weights: the content of one field, or a run of fields that hold one value each. */
export interface Payload extends Stretch {
  /** Where the field begins, with its tag. */
  readonly start: number;
  /** Many values behind one length. Where false, each value has its own tag, and the stretch begins with the first tag. */
  readonly packed: boolean;
  /** How many fields it is. */
  readonly count: number;
}

/** Bytes that are no text. Short ones are at hand; of long ones only the place is known. */
export interface Blob extends Stretch {
  readonly bytes: Uint8Array | undefined;
}

/** An integer of 64 bits: a `number` wherever that is exact. */
export type Int64 = number | bigint;

interface Kinds {
  readonly size: number;
  readonly enum: number;
  readonly float: number;
  readonly int64: Int64;
  readonly string: string;
  readonly bytes: Blob;
}

/** The name of what a single value of a field is. */
export type Kind = keyof Kinds | 'payload' | MessageName;

type Value<K extends Kind> = K extends keyof Kinds ? Kinds[K] : K extends MessageName ? Message<K> : never;

type Field<F> = F extends readonly [number, 'payload']
  ? readonly Payload[]
  : F extends readonly [number, infer K extends Kind, 'many']
    ? readonly Value<K>[]
    : F extends readonly [number, infer K extends Kind, ...unknown[]]
      ? Value<K> | undefined
      : never;

/** What every message knows of itself. */
export interface Placed {
  readonly span: Span;
  /** The other places of a message that the file has in several parts, which count as one. */
  readonly again: readonly Span[];
  /** Fields that the schema does not have, with their tags. */
  readonly unknown: readonly Stretch[];
}

/** A decoded message: what is absent is `undefined`, what there can be many of is a list. */
export type Message<N extends MessageName> = Placed & {
  readonly [F in keyof (typeof schema)[N]]: Field<(typeof schema)[N][F]>;
};

export interface ModelProto extends Message<'ModelProto'> {}
export interface OperatorSetIdProto extends Message<'OperatorSetIdProto'> {}
export interface StringStringEntryProto extends Message<'StringStringEntryProto'> {}
export interface TrainingInfoProto extends Message<'TrainingInfoProto'> {}
export interface FunctionProto extends Message<'FunctionProto'> {}
export interface GraphProto extends Message<'GraphProto'> {}
export interface NodeProto extends Message<'NodeProto'> {}
export interface AttributeProto extends Message<'AttributeProto'> {}
export interface TensorProto extends Message<'TensorProto'> {}
export interface SparseTensorProto extends Message<'SparseTensorProto'> {}
export interface ValueInfoProto extends Message<'ValueInfoProto'> {}
export interface TypeProto extends Message<'TypeProto'> {}
