import { type ByteSource, TorshError } from '@torsh/bytes';
import { type Archive, type Context, fitModels, type Tensor } from '@torsh/core';
import { type ExternalFile, ONNX, PROGRAM, parseRecord, type TakenPart } from '../archive/record.ts';
import { type Location, parseLocation, parsePath } from '../external/location.ts';
import { decodeModel } from '../message/decode.ts';
import { EXTERNAL } from '../schema/data-type.ts';
import { type FoundTensor, findTensors } from '../tensor/find.ts';
import { dataTypeOf } from '../tensor/types.ts';

/** A tensor and the place in the graph where it belongs. */
export interface Piece {
  readonly tensor: Tensor;
  readonly found: FoundTensor;
  /** The fields that it was taken from; absent where it lay in another file. */
  readonly parts: readonly TakenPart[] | undefined;
  /** Where it lay in another file. */
  readonly location: Location | undefined;
  /** The type that ONNX knows it by. */
  readonly dataType: number;
  /** True where the graph has it with this type and shape. */
  readonly same: boolean;
}

/** A model taken apart: the graph, what belongs into it, and the files that lay beside it. */
export interface Disassembled {
  readonly program: ByteSource;
  readonly pieces: readonly Piece[];
  /** Names of floats from which shapes are computed. */
  readonly shaping: ReadonlySet<string>;
  readonly files: readonly (ExternalFile & { readonly gapSource: ByteSource | undefined })[];
  /** Files that the graph needs as they are: a tensor that stays in it has its numbers there. */
  readonly pinned: ReadonlySet<string>;
}

/** Operators whose results have a shape that floats decide. */
const SCALING: readonly string[] = ['Resize', 'Upsample', 'Range'];

/** Finds for every tensor of an archive its place in the graph that is with it. */
export async function disassembled(
  whole: Archive,
  context: Pick<Context, 'limits' | 'signal'>,
): Promise<Disassembled> {
  const archive = fitModels(whole, 'one');
  const record = parseRecord(archive.metadata[ONNX]);
  const program = archive.resources.get(PROGRAM)?.data;
  const [model, second] = archive.models.values();
  if (record === undefined || program === undefined || model === undefined || second !== undefined) {
    throw new TorshError(
      'unsupported',
      'An ONNX model is one model with its graph; this archive is not that.',
      {
        format: ONNX,
      },
    );
  }
  const places = new Map<string, FoundTensor>();
  const decoded = await decodeModel(program, context);
  for (const found of findTensors(decoded)) places.set(found.place, found);
  const pieces = record.tensors.map(({ name, place, parts }): Piece => {
    const tensor = model.tensors.get(name) ?? model.tensors.get(model.aliases.get(name) ?? '');
    if (tensor === undefined) throw broken(`the tensor ${JSON.stringify(name)} is missing`);
    const found = places.get(place);
    // Each place once: what is found is taken away.
    if (found === undefined || !places.delete(place))
      throw broken(`the graph has no ${place}, or it is there twice`);
    return pieceOf(tensor, found, parts);
  });
  const files = record.files.map((file) => {
    const gapSource = file.gaps === undefined ? undefined : archive.resources.get(file.gaps)?.data;
    if (file.gaps !== undefined && gapSource === undefined)
      throw broken(`the resource ${file.gaps} is missing`);
    return { ...file, gapSource };
  });
  const pinned = new Set<string>();
  for (const { proto, place } of places.values()) {
    const path = proto.data_location === EXTERNAL ? parsePath(proto, place) : undefined;
    if (path !== undefined) pinned.add(path);
  }
  const shaping = new Set<string>();
  for (const { op_type = '', input } of decoded.graph?.node ?? []) {
    if (SCALING.includes(op_type)) for (const name of input) shaping.add(name);
  }
  return { program, pieces, files, pinned, shaping };
}

function pieceOf(tensor: Tensor, found: FoundTensor, parts: readonly TakenPart[] | undefined): Piece {
  const { proto } = found;
  const dataType = dataTypeOf(tensor.dtype);
  if (dataType === undefined) throw broken(`ONNX has no type ${tensor.dtype} (${tensor.name})`);
  if (proto.again.length > 0) throw broken(`the graph has ${found.place} in parts`);
  const same =
    proto.data_type === dataType &&
    proto.dims.length === tensor.shape.length &&
    proto.dims.every((length, axis) => length === tensor.shape[axis]);
  // The place in the other file is that of the graph's own type and shape, of which only the graph knows the length.
  const length = proto.external_data.find(({ key }) => key === 'length')?.value;
  const size = same || length === undefined ? tensor.data.size : Number(length);
  const location = parts === undefined ? parseLocation(proto, size, found.place) : undefined;
  return { tensor, found, parts, location, dataType, same };
}

/** An archive that does not fit together, which no reader of ours has made. */
export function broken(what: string): TorshError {
  return new TorshError('malformed', `The parts of this ONNX model do not fit together: ${what}.`, {
    format: ONNX,
  });
}
