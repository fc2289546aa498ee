import { defaultLimits, type Limits, TorshError } from '@torsh/bytes';
import type { Json, OpenJson } from './json.ts';
import { lengthOf } from './to-json/length.ts';
import { encodeParts } from './to-json/parts.ts';
import { encodeScalar } from './to-json/scalars.ts';
import { type Survey, survey } from './to-json/survey.ts';
import { type Encoded, type Node, partTask, type Task } from './to-json/task.ts';
import type { PickleValue } from './value.ts';

/** How values become JSON. */
export interface ToJsonOptions {
  /** Asked first about each value that is not a number, a text, a truth value or None; what it gives stands for all of it. */
  replace?(value: PickleValue): Json | undefined;
  /** `depth` is how deep values may be nested, `pickleBytes` how many characters the JSON may have, about. */
  readonly limits?: Limits;
}

/**
 * Values as typed JSON, from which `fromJson` makes the same values: what Python has and JSON lacks is an object with
 * one name that begins with `$`. Calls that only spell a plain value (bytes, sets) are written as that value.
 */
export function toJson(value: PickleValue, options: ToJsonOptions = {}): Json {
  const known = survey(value, (part) => options.replace?.(part));
  return new Encoder(known, options.limits ?? defaultLimits).encode(value);
}

class Encoder {
  readonly #known: Survey;
  readonly #depth: number;
  /** The numbers of shared values that are written. */
  readonly #numbers = new Map<Node, number>();
  /** Characters that are left: what a pickle repeats in two bytes, a long text or number, JSON repeats in full. */
  #room: number;

  constructor(known: Survey, { depth, pickleBytes }: Limits) {
    this.#known = known;
    this.#depth = depth;
    this.#room = pickleBytes;
  }

  encode(root: PickleValue): Json {
    let result: OpenJson = null;
    const tasks: Task[] = [
      partTask(root, (json) => {
        result = json;
      }),
    ];
    for (let task = tasks.at(-1); task !== undefined; task = tasks.at(-1)) {
      if (task.at === task.parts.length) {
        tasks.pop();
        continue;
      }
      const at = task.at++;
      const part = task.parts[at]!;
      if (task.names !== undefined) this.#take(task.names[at]!.length);
      const scalar = encodeScalar(part);
      if (scalar !== undefined) {
        this.#take(lengthOf(scalar));
        task.put(scalar, at);
        continue;
      }
      // Before they are written: the text of the longest bytes is longer than a text can be.
      if (part instanceof Uint8Array) this.#take(part.length);
      const [json, inner] = this.#encodeNode(part as Node);
      this.#take(lengthOf(json));
      task.put(json, at);
      if (inner.length === 0) continue;
      const depth = (task.depth ?? 0) + 1;
      if (depth > this.#depth) throw tooDeep(this.#depth);
      for (let index = inner.length - 1; index >= 0; index--) {
        inner[index]!.depth = depth;
        tasks.push(inner[index]!);
      }
    }
    return result;
  }

  #take(characters: number): void {
    this.#room -= characters;
    if (this.#room >= 0) return;
    throw new TorshError('limit', 'As JSON, the values take more characters than pickleBytes allows.');
  }

  /** A value that is met twice is written where it is first, and named wherever it is again. */
  #encodeNode(value: Node): Encoded {
    const { replaced, plain, shared } = this.#known;
    const replacement = replaced.get(value);
    if (replacement !== undefined) return [replacement as OpenJson, []];
    const meant = plain.get(value) ?? value;
    if (!shared.has(value)) return encodeParts(meant);
    const known = this.#numbers.get(value);
    if (known !== undefined) return [{ $ref: known }, []];
    const number = this.#numbers.size;
    this.#numbers.set(value, number);
    const [json, inner] = encodeParts(meant);
    return [{ $def: [number, json] }, inner];
  }
}

function tooDeep(depth: number): TorshError {
  return new TorshError('limit', `The values are nested deeper than the ${depth} levels that depth allows.`);
}
