import { EntryIndex } from './entries.ts';
import { allow, isArray, listOf, tagOf, wrong } from './from-json/expect.ts';
import { decodeNumber } from './from-json/scalars.ts';
import { decodeTag, namesBeside } from './from-json/tagged.ts';
import { type Built, type Fields, listTask, type Task } from './from-json/task.ts';
import type { Json } from './json.ts';
import type { PickleValue } from './value.ts';

/** How JSON becomes values. */
export interface FromJsonOptions {
  /**
   * Asked about a tag that is not one of `toJson`'s own; `tag` is without its `$`, and `fields` is all of the object that
   * the tag is in. What else may stand beside the tag is for whoever restores it to say.
   */
  restore?(tag: string, payload: Json, fields: ReadonlyMap<string, Json>): PickleValue | undefined;
}

/** The values that `toJson` wrote. */
export function fromJson(json: Json, options: FromJsonOptions = {}): PickleValue {
  return new Decoder(options).decode(json);
}

class Decoder {
  readonly #restore: FromJsonOptions['restore'];
  readonly #index = new EntryIndex();
  /** Values that are there more than once, by their number. */
  readonly #defined = new Map<Json, PickleValue>();

  constructor(options: FromJsonOptions) {
    this.#restore = options.restore;
  }

  decode(root: Json): PickleValue {
    const result: PickleValue[] = [];
    const tasks: Task[] = [listTask([root], result)];
    for (let task = tasks.at(-1); task !== undefined; task = tasks.at(-1)) {
      if (task.at === task.parts.length) {
        tasks.pop();
        task.done?.();
        continue;
      }
      const [value, inner] = this.#build(task.parts[task.at++]!);
      task.into.push(value);
      for (let at = inner.length - 1; at >= 0; at--) tasks.push(inner[at]!);
    }
    return result[0]!;
  }

  #build(json: Json): Built {
    if (json === null || typeof json === 'boolean' || typeof json === 'string') return [json, []];
    if (typeof json === 'number') return [decodeNumber(json), []];
    if (isArray(json)) {
      const items: PickleValue[] = [];
      return [{ kind: 'list', items }, [listTask(json, items)]];
    }
    const names = Object.keys(json);
    const parts = names.map((name) => json[name]!);
    const tag = tagOf(json);
    if (tag === undefined) {
      const values: PickleValue[] = [];
      return [{ kind: 'dict', keys: names, values }, [listTask(parts, values)]];
    }
    const fields: Fields = new Map(names.map((name, at) => [name, parts[at]!]));
    const payload = fields.get(tag)!;
    const built =
      tag === '$def'
        ? this.#define(listOf(payload))
        : tag === '$ref'
          ? ([this.#recall(payload), []] as const)
          : decodeTag(tag, fields, this.#index);
    if (built !== undefined) {
      allow(fields, tag, namesBeside(tag));
      return built;
    }
    const restored = this.#restore?.(tag.slice(1), payload, fields);
    if (restored === undefined) throw wrong(`the tag ${JSON.stringify(tag)} is unknown here`);
    return [restored, []];
  }

  #define(parts: readonly Json[]): Built {
    const [number, json] = parts;
    if (parts.length !== 2 || typeof number !== 'number') throw wrong('$def must have a number and a value');
    // One name for one value; a chain of names could be as long as its author likes.
    if (tagOf(json!) === '$def') throw wrong('a $def directly inside a $def');
    const built = this.#build(json!);
    this.#defined.set(number, built[0]);
    return built;
  }

  #recall(number: Json): PickleValue {
    const known = this.#defined.get(number);
    if (known === undefined) throw wrong(`$ref ${JSON.stringify(number)} comes before its $def`);
    return known;
  }
}
