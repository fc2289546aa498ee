import { type ByteSource, fromBytes, slice } from '@torsh/bytes';
import { formatDeclarations, formatHeader, storedAs, type Tensor } from '@torsh/core';

/** Where Windows can map a file, and with it every other system. */
const ALIGNMENT = 64 * 1024;

/** A file of weights: its content and where each tensor is in it. */
export interface WeightsFile {
  readonly path: string;
  readonly pieces: readonly ByteSource[];
  readonly offsets: ReadonlyMap<Tensor, number>;
}

/** Weights one behind the other, each where it can be mapped. */
export function layOutData(path: string, tensors: Iterable<Tensor>): WeightsFile {
  const pieces: ByteSource[] = [];
  const offsets = new Map<Tensor, number>();
  let end = 0;
  for (const tensor of tensors) {
    if (offsets.has(tensor)) continue;
    const padding = (ALIGNMENT - (end % ALIGNMENT)) % ALIGNMENT;
    if (padding > 0) pieces.push(fromBytes(zeros.subarray(0, padding)));
    offsets.set(tensor, end + padding);
    pieces.push(tensor.data);
    end += padding + tensor.data.size;
  }
  return { path, pieces, offsets };
}

const zeros = new Uint8Array(ALIGNMENT);

/** Weights as a safetensors file: a model that points into it and everybody else read the same bytes. */
export function layOutSafetensors(path: string, all: Iterable<Tensor>): WeightsFile {
  const tensors = [...new Set(all)];
  const stored = tensors.map((tensor) => ({
    name: tensor.name,
    ...storedAs(tensor.dtype, tensor.shape),
    tensor,
  }));
  const header = formatHeader(stored, formatDeclarations(tensors, new Map()));
  const offsets = new Map(
    header.tensors.map(({ source, begin }) => [source.tensor, header.bytes.length + begin]),
  );
  return {
    path,
    offsets,
    pieces: [fromBytes(header.bytes), ...header.tensors.map(({ source }) => source.tensor.data)],
  };
}

/** A tensor where it lay in a file. */
export interface Laid {
  readonly tensor: Tensor;
  readonly offset: number;
}

/**
 * A file as it was: tensors at their places, and between them what belonged to none. Where tensors share bytes, the first
 * has them; `shared` are the others, whose bytes must be the same.
 */
export function layOutAsBefore(
  size: number,
  laid: readonly Laid[],
  gaps: ByteSource | undefined,
): { readonly pieces: readonly ByteSource[]; readonly shared: readonly Laid[] } | undefined {
  const pieces: ByteSource[] = [];
  const shared: Laid[] = [];
  const first = new Map<number, Tensor>();
  let [end, used] = [0, 0];
  const fill = (to: number): boolean => {
    const length = to - end;
    if (length <= 0) return true;
    if (gaps === undefined || used + length > gaps.size) return false;
    pieces.push(used === 0 && length === gaps.size ? gaps : slice(gaps, used, length));
    used += length;
    end = to;
    return true;
  };
  for (const each of [...laid].sort((a, b) => a.offset - b.offset)) {
    const { tensor, offset } = each;
    const { data } = tensor;
    if (data.size === 0) continue;
    if (!fill(offset)) return undefined;
    const known = end - offset;
    if (known > 0 && first.get(offset) !== tensor) shared.push(each);
    if (!first.has(offset)) first.set(offset, tensor);
    if (known >= data.size) continue;
    pieces.push(known === 0 ? data : slice(data, known, data.size - known));
    end = offset + data.size;
  }
  // What is left over or missing was never a file of this size.
  if (end > size || !fill(size) || used !== (gaps?.size ?? 0)) return undefined;
  return { pieces, shared };
}
