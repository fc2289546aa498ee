import { type ByteSource, type Limits, TorshError } from '@torsh/bytes';
import type { Blob, Message, ModelProto, Payload, Span } from '../schema/message.ts';
import type { MessageName } from '../schema/schema.ts';
import { Budget, NUMBER, OBJECT, TEXT } from './budget.ts';
import { type Draft, type FieldPlan, type MessagePlan, planOf } from './compile.ts';
import {
  alone,
  FIXED32,
  FIXED64,
  GROUP_END,
  GROUP_START,
  LENGTH,
  type Scalar,
  scalars,
  VARINT,
} from './scalars.ts';
import { HEAD, Window } from './window.ts';

/** What decoding is lent. */
export interface DecodeOptions {
  readonly limits: Limits;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of a `bytes` field that are kept at hand; longer ones are looked up when somebody asks. */
const SHORT = 4096;

/** Decodes a model. Weights and other long bytes are passed over: of them the places are kept. */
export async function decodeModel(source: ByteSource, options: DecodeOptions): Promise<ModelProto> {
  return decodeMessage('ModelProto', source, options);
}

/** Decodes a whole source as one message. */
export async function decodeMessage<N extends MessageName>(
  name: N,
  source: ByteSource,
  options: DecodeOptions,
): Promise<Message<N>> {
  const decoder = new Decoder(source, options);
  return (await decoder.decode(planOf(name))) as unknown as Message<N>;
}

/** A message that is not at its end. */
interface Frame {
  readonly plan: MessagePlan;
  readonly message: Draft;
  readonly end: number;
  /** The field of the message above in which this one lies. */
  readonly field: string;
  /** Where it is no message but a group: the number of its field, and where its first tag is. */
  readonly group?: { readonly number: number; readonly start: number };
}

/** Of what is in a group nothing is known. */
const GROUP: MessagePlan = { fields: new Map(), empty: planOf('ModelProto').empty };

/** Goes over a source once, front to back, with a stack of its own: how deep a file is, it does not decide here. */
class Decoder {
  readonly #source: ByteSource;
  readonly #budget: Budget;
  readonly #window: Window;
  readonly #stack: Frame[] = [];

  constructor(source: ByteSource, { limits, signal }: DecodeOptions) {
    this.#source = source;
    this.#budget = new Budget(limits);
    this.#window = new Window(source, signal);
  }

  async decode(plan: MessagePlan): Promise<Draft> {
    const span = { prefix: -1, offset: 0, length: this.#source.size };
    const root: Frame = { plan, message: { ...plan.empty, span }, end: this.#source.size, field: '' };
    this.#stack.push(root);
    const window = this.#window;
    for (let frame: Frame | undefined = root; frame !== undefined; frame = this.#stack.at(-1)) {
      if (window.position === frame.end) {
        if (frame.group !== undefined) throw this.#unclosed(frame.group.start);
        this.#stack.pop();
        continue;
      }
      if (!window.holds(HEAD)) await window.load(HEAD);
      const needed = this.#field(frame);
      if (needed === undefined) continue;
      if (!window.holds(needed.length)) await window.load(needed.length);
      this.#leaf(frame, needed.field, needed.length);
    }
    return root.message;
  }

  /** Reads a tag and what is behind it, or says how many bytes must be at hand to read that. */
  #field(frame: Frame): { readonly field: FieldPlan; readonly length: number } | undefined {
    const window = this.#window;
    const start = window.position;
    const tag = window.varint();
    const [number, wire] = [Math.floor(tag / 8), tag % 8];
    if (number === 0 || number > 536_870_911) throw this.#wrong(`a field has the number ${number}`, start);
    const field = frame.plan.fields.get(number);
    if (wire === LENGTH) {
      const prefix = window.position;
      const length = window.varint();
      const offset = window.position;
      if (offset + length > frame.end) throw this.#beyond(frame, offset, length);
      if (field === undefined) this.#unknown(frame, start, offset + length);
      else if (field.inside !== undefined) return this.#enter(frame, field, { prefix, offset, length });
      else if (field.kind === 'payload')
        this.#payload(frame, field, { start, offset, length, packed: true, count: 1 });
      else if (field.kind === 'bytes' && length > SHORT) {
        this.#budget.spend(OBJECT, offset);
        this.#set(frame, field, { offset, length, bytes: undefined });
      } else return this.#needs(field, length);
      window.position = offset + length;
      return undefined;
    }
    if (wire === GROUP_START && field === undefined) return this.#open(frame, number, start);
    if (wire === GROUP_END && frame.group?.number === number) return this.#close(frame.group.start);
    if (wire !== VARINT && wire !== FIXED32 && wire !== FIXED64) {
      throw this.#wrong(`a field has the wire type ${wire}, which ONNX does not use`, start);
    }
    this.#single(frame, field, wire, start);
    if (window.position > frame.end) throw this.#beyond(frame, start, window.position - start);
    return undefined;
  }

  /** A value that lies alone behind its tag. */
  #single(frame: Frame, field: FieldPlan | undefined, wire: number, start: number): void {
    const window = this.#window;
    const scalar = field === undefined ? undefined : scalars[field.kind as keyof typeof scalars];
    if (field !== undefined && (field.kind === 'payload' ? alone[field.name] : scalar?.wire) !== wire) {
      throw this.#wrong(`the field ${field.name} has the wire type ${wire}`, start);
    }
    if (field !== undefined && scalar !== undefined) {
      this.#budget.spend(Math.max(window.position - start, NUMBER), this.#window.position);
      this.#set(frame, field, window.value(scalar.read));
      return;
    }
    if (wire === VARINT) window.value((reader) => reader.uint64());
    else this.#skip(wire === FIXED32 ? 4 : 8);
    const length = window.position - start;
    if (field === undefined) this.#unknown(frame, start, window.position);
    else this.#payload(frame, field, { start, offset: start, length, packed: false, count: 1 });
  }

  /** A field that the schema does not have. What is within a group belongs to the group. */
  #unknown(frame: Frame, offset: number, end: number): void {
    if (frame.group !== undefined) return;
    this.#budget.spend(OBJECT, this.#window.position);
    this.#keep(frame, 'unknown', { offset, length: end - offset });
  }

  /** Steps into a group: unknown fields between two tags instead of behind a length. ONNX has none, protobuf does. */
  #open({ end, field }: Frame, number: number, start: number): undefined {
    this.#budget.message(this.#stack.length, start);
    this.#stack.push({ plan: GROUP, message: GROUP.empty, end, field, group: { number, start } });
    return undefined;
  }

  #close(start: number): undefined {
    this.#stack.pop();
    this.#unknown(this.#stack.at(-1)!, start, this.#window.position);
    return undefined;
  }

  #skip(length: number): void {
    const end = this.#window.position + length;
    if (end > this.#source.size)
      throw this.#wrong('the file ends within a number', this.#window.position, 'truncated');
    this.#window.position = end;
  }

  /** Weights: several runs of them where the file has them in several parts, one where values follow each other. */
  #payload(frame: Frame, field: FieldPlan, found: Payload): void {
    const { message } = frame;
    const all = message[field.name] as Payload[];
    const single = !found.packed || field.name === 'string_data';
    const run: Payload = single
      ? { ...found, offset: found.start, length: found.offset + found.length - found.start, packed: false }
      : found;
    const last = all.at(-1);
    if (single && last !== undefined && !last.packed && last.offset + last.length === run.offset) {
      all[all.length - 1] = { ...last, length: last.length + run.length, count: last.count + 1 };
    } else {
      this.#budget.spend(OBJECT, this.#window.position);
      this.#keep(frame, field.name, run);
    }
  }

  #enter(frame: Frame, { name, many, inside, rivals }: FieldPlan, span: Span): undefined {
    this.#budget.message(this.#stack.length, span.prefix);
    const plan = inside!;
    const { message } = frame;
    for (const rival of rivals) message[rival] = undefined;
    let draft = many ? undefined : (message[name] as Draft | undefined);
    if (draft === undefined) {
      draft = { ...plan.empty, span };
      if (many) this.#keep(frame, name, draft);
      else message[name] = draft;
    } else {
      // Protobuf joins the parts of a message that is there more than once.
      this.#keep({ message: draft }, 'again', span);
    }
    this.#stack.push({ plan, message: draft, end: span.offset + span.length, field: name });
    return undefined;
  }

  #needs(field: FieldPlan, length: number): { readonly field: FieldPlan; readonly length: number } {
    this.#budget.spend(
      length + (field.kind === 'bytes' ? OBJECT : field.kind === 'string' ? TEXT : 0),
      this.#window.position,
    );
    return { field, length };
  }

  /** What lies behind a length, now that it is at hand. */
  #leaf(frame: Frame, field: FieldPlan, length: number): void {
    const window = this.#window;
    const offset = window.position;
    if (field.kind === 'string') {
      this.#set(frame, field, window.text(length));
    } else if (field.kind === 'bytes') {
      this.#set(frame, field, { offset, length, bytes: window.take(length) } satisfies Blob);
    } else {
      const scalar = scalars[field.kind as keyof typeof scalars];
      if (!field.many)
        throw this.#wrong(`the field ${field.name} should be one number and is ${length} bytes`, offset);
      this.#packed(frame, field, scalar, offset + length);
    }
  }

  #packed(frame: Frame, field: FieldPlan, { read }: Scalar, end: number): void {
    const window = this.#window;
    for (let start = window.position; start < end; start = window.position) {
      this.#set(frame, field, window.value(read));
      this.#budget.spend(Math.max(NUMBER - (window.position - start), 0), this.#window.position);
    }
    if (window.position > end) {
      throw this.#wrong(`the last number of ${field.name} reaches beyond the others`, end);
    }
  }

  #set(frame: Frame, field: FieldPlan, value: unknown): void {
    if (field.many) {
      this.#keep(frame, field.name, value);
      return;
    }
    for (const rival of field.rivals) frame.message[rival] = undefined;
    frame.message[field.name] = value;
  }

  /** Adds to a list; the first member makes it. */
  #keep({ message }: Pick<Frame, 'message'>, field: string, value: unknown): void {
    const list = message[field] as unknown[];
    if (list.length === 0) message[field] = [value];
    else list.push(value);
  }

  #unclosed(start: number): TorshError {
    const atEnd = this.#window.position === this.#source.size;
    return this.#wrong('a group begins here and does not end', start, atEnd ? 'truncated' : 'malformed');
  }

  #beyond(frame: Frame, offset: number, length: number): TorshError {
    const whole = this.#stack[0]!.end;
    // Where the file itself ends too early, it was cut off; else lengths contradict each other.
    const code = offset + length > whole ? 'truncated' : 'malformed';
    const what = `${length} bytes should be at byte ${offset}, but ${frame.field || 'the file'} ends at byte ${frame.end}`;
    return this.#wrong(what, offset, code);
  }

  #wrong(what: string, offset: number, code: 'malformed' | 'truncated' = 'malformed'): TorshError {
    const fields = this.#stack.slice(1).map(({ field }) => field);
    const where = fields.length > 12 ? [...fields.slice(0, 6), '…', ...fields.slice(-6)] : fields;
    const inside = where.length === 0 ? '' : ` (in ${where.join('/')})`;
    return new TorshError(code, `This is no sound ONNX model: ${what}${inside}.`, { offset });
  }
}
