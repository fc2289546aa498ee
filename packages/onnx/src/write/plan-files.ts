import { type ByteSource, TorshError } from '@torsh/bytes';
import type { Archive, Context, Tensor } from '@torsh/core';
import { ONNX } from '../archive/record.ts';
import { type Edit, rewrite } from '../edit/rewrite.ts';
import { LARGEST_MESSAGE, type OnnxOptions, THRESHOLD, threshold } from '../options.ts';
import type { FoundTensor } from '../tensor/find.ts';
import { type BesideFile, filesBeside } from './beside.ts';
import { type Disassembled, disassembled, type Piece } from './disassembled.ts';
import { insertParts } from './insert-parts.ts';
import { layOutData, layOutSafetensors } from './lay-out.ts';
import { type NewLocation, rewriteTensor } from './tensor-message.ts';

/** A file that is known to its last byte before any is written. */
export interface PlannedFile {
  readonly path: string;
  readonly pieces: readonly ByteSource[];
}

type Lent = Pick<Context, 'limits' | 'signal'>;

/** Puts a model together: the files beside it, and the model itself, which comes last because it names them. */
export async function planFiles(
  archive: Archive,
  name: string,
  options: OnnxOptions,
  lent: Lent,
): Promise<readonly PlannedFile[]> {
  const apart = await disassembled(archive, lent);
  const least = threshold(options);
  const planned = await assemble(apart, name, { ...options, externalData: least }, lent);
  const size = planned.pieces.reduce((sum, piece) => sum + piece.size, 0);
  const tooLarge = size > LARGEST_MESSAGE && least === undefined && !planned.asBefore;
  const { beside, pieces } = tooLarge
    ? await assemble(apart, name, { ...options, externalData: THRESHOLD }, lent)
    : planned;
  const clash = beside.find(({ path }) => path === name);
  if (clash !== undefined) {
    const message = `The model keeps weights in a file called ${name}, which is the name that it should get itself. Choose another name.`;
    throw new TorshError('unsupported', message, { format: ONNX, path: name });
  }
  return [...beside.map(({ path, pieces: inside }) => ({ path, pieces: inside })), { path: name, pieces }];
}

interface Assembled {
  readonly beside: readonly BesideFile[];
  readonly pieces: readonly ByteSource[];
  /** True where every tensor is where it was. */
  readonly asBefore: boolean;
}

async function assemble(
  apart: Disassembled,
  name: string,
  options: OnnxOptions,
  lent: Lent,
): Promise<Assembled> {
  const moved = options.externalData === undefined ? undefined : movedOut(apart, name, options);
  const beside = [...(moved ?? []), ...(await filesBeside(apart, moved !== undefined, lent))];
  const locations = locationsIn(beside);
  const edits: Edit[] = [];
  let asBefore = moved === undefined;
  for (const piece of apart.pieces) {
    lent.signal.throwIfAborted();
    const location = locations.get(piece.tensor);
    const back = location === undefined ? await asItWas(piece, moved !== undefined, lent) : undefined;
    asBefore &&= back !== undefined;
    edits.push(...(back ?? [rewriteTensor(piece, apart.program, location)]));
  }
  return { beside, asBefore, pieces: rewrite(apart.program, edits).pieces };
}

/** The tensors that have a new place in another file. */
function locationsIn(beside: readonly BesideFile[]): ReadonlyMap<Tensor, NewLocation> {
  const locations = new Map<Tensor, NewLocation>();
  for (const { path, offsets } of beside) {
    for (const [tensor, offset] of offsets ?? []) locations.set(tensor, { path, offset });
  }
  return locations;
}

/** What brings a tensor back as it was; `undefined` where its message must be written anew. */
async function asItWas(piece: Piece, moved: boolean, lent: Lent): Promise<readonly Edit[] | undefined> {
  if (piece.parts !== undefined) return insertParts(piece, lent);
  return piece.same && !moved ? [] : undefined;
}

/** The one file for all initializers that can leave the model and are large enough. */
function movedOut(
  { pieces, shaping }: Disassembled,
  name: string,
  options: OnnxOptions,
): readonly BesideFile[] {
  const least = Math.max(options.externalData!, 1);
  const large: Tensor[] = [];
  for (const { tensor, found } of pieces) {
    if (!found.movable || tensor.data.size < least || isShaping(tensor, found, shaping)) continue;
    large.push(tensor);
  }
  if (large.length === 0) return [];
  const stem = name.replace(/\.onnx$/, '');
  return [
    options.weightsIn === 'safetensors'
      ? layOutSafetensors(`${stem}.safetensors`, large)
      : layOutData(`${name}.data`, large),
  ];
}

/** True for the few numbers that are needed before a model runs: shapes, axes, conditions, factors. */
function isShaping({ dtype, data }: Tensor, { proto }: FoundTensor, shaping: ReadonlySet<string>): boolean {
  if (data.size >= THRESHOLD) return false;
  return !/^(?:F|BF|C)[0-9]/.test(dtype) || shaping.has(proto.name ?? '');
}
