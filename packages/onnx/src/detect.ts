import type { ByteSource, ReadOptions } from '@torsh/bytes';
import { type Context, entrySource, head, type Input, type Match } from '@torsh/core';
import { candidates, SUFFIX } from './locate.ts';
import { planOf } from './message/compile.ts';
import { FIXED32, FIXED64, LENGTH, VARINT } from './message/scalars.ts';

/** Fields that are looked at: a model has a handful, and a few more for its functions and operator sets. */
const FIELDS = 1000;
/** No tag with its length is longer. */
const HEAD = 20;

/** ONNX has no signature: a model is a file of nothing but the fields of a model, with a version and a graph among them. */
export async function detect(input: Input, context: Context): Promise<Match | undefined> {
  const source = await entrySource(input, context);
  if (source === undefined) return detectFolder(input, context);
  const named = input.entry!.endsWith(SUFFIX);
  const { seen, whole } = await look(source, named, context);
  if (whole && seen.has('ir_version') && (seen.has('graph') || seen.has('functions'))) {
    return { confidence: 'certain', reason: 'the fields of an ONNX model, and no others' };
  }
  if (!named || seen.size === 0) return undefined;
  return { confidence: 'likely', reason: `its name ends in ${SUFFIX} and it begins as an ONNX model does` };
}

async function detectFolder(input: Input, context: Context): Promise<Match | undefined> {
  const { models, others } = await candidates(input.files, context);
  const [path, second] = models;
  if (path === undefined || second !== undefined || others) return undefined;
  return { confidence: 'likely', reason: `the folder has ${path}` };
}

/** Bytes behind the tag of each wire type; 0 where they tell it themselves. */
const lengths: Readonly<Record<number, number>> = { [VARINT]: 0, [FIXED64]: 8, [LENGTH]: 0, [FIXED32]: 4 };

/** Goes from field to field at the top of a file, as far as they are those of a model. */
async function look(
  source: ByteSource,
  named: boolean,
  options: ReadOptions,
): Promise<{ readonly seen: ReadonlySet<string>; readonly whole: boolean }> {
  const { fields: known } = planOf('ModelProto');
  const seen = new Set<string>();
  let bytes = await head(source, 4096, options);
  let base = 0;
  let at = 0;
  for (let fields = 0; fields < FIELDS; fields++) {
    if (at === source.size) return { seen, whole: true };
    if (at + HEAD > base + bytes.length && base + bytes.length < source.size) {
      base = at;
      bytes = new Uint8Array(await source.read(at, Math.min(4096, source.size - at), options));
    }
    const tag = varint(bytes, at - base);
    const content = tag === undefined ? undefined : varint(bytes, tag.next);
    if (tag === undefined || content === undefined) return { seen, whole: false };
    const [number, wire] = [Math.floor(tag.value / 8), tag.value % 8];
    const field = known.get(number);
    const wanted =
      field === undefined ? wire : field.kind === 'size' || field.kind === 'int64' ? VARINT : LENGTH;
    const length = lengths[wire];
    // Fields of the future stand behind some that are known, unless the name says what the file is.
    const strange = field === undefined && seen.size === 0 && !named;
    if (number === 0 || wire !== wanted || length === undefined || strange) return { seen, whole: false };
    if (field !== undefined) seen.add(field.name);
    const end =
      wire === LENGTH ? content.next + content.value : length === 0 ? content.next : tag.next + length;
    at = base + end;
    if (at > source.size) return { seen, whole: false };
  }
  // So many sound fields are no accident.
  return { seen, whole: true };
}

function varint(
  bytes: Uint8Array,
  start: number,
): { readonly value: number; readonly next: number } | undefined {
  let [value, scale] = [0, 1];
  for (let at = start; at < start + 10; at++) {
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) return { value, next: at + 1 };
  }
  return undefined;
}
