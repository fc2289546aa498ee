import { type ByteSource, concat, pathFlaw, slice, TorshError } from '@torsh/bytes';
import type { Context, Tensor } from '@torsh/core';
import { ONNX } from '../archive/record.ts';
import { broken, type Disassembled, type Piece } from './disassembled.ts';
import { layOutAsBefore, layOutData } from './lay-out.ts';
import { sameBytes } from './same-bytes.ts';

/** A file that lies beside a model. */
export interface BesideFile {
  readonly path: string;
  readonly pieces: readonly ByteSource[];
  /** Where tensors are that are no longer where the graph says; absent where everything is as it was. */
  readonly offsets: ReadonlyMap<Tensor, number> | undefined;
}

type Lent = Pick<Context, 'signal'>;

/**
 * The files beside a model, as they were wherever what belongs into them still fits, and laid out anew where not. Of weights
 * that were moved away, only the files that the graph still needs.
 */
export async function filesBeside(
  { pieces, files, pinned }: Disassembled,
  moved: boolean,
  lent: Lent,
): Promise<BesideFile[]> {
  const known = new Map(files.map((file) => [file.path, file]));
  const byPath = new Map<string, Piece[]>();
  for (const piece of pieces) {
    if (piece.location === undefined) continue;
    const others = byPath.get(piece.location.path);
    if (others === undefined) byPath.set(piece.location.path, [piece]);
    else others.push(piece);
  }
  const made: BesideFile[] = [];
  for (const path of new Set([...byPath.keys(), ...known.keys()])) {
    if (moved && !pinned.has(path)) continue;
    const inside = byPath.get(path) ?? [];
    const file = known.get(path);
    const flaw = pathFlaw(path);
    if (flaw !== undefined) throw broken(`the file ${JSON.stringify(path)} is refused: ${flaw}`);
    const full = inside.some(({ tensor }) => tensor.data.size > 0);
    // A tensor without bytes needs no file.
    if (file === undefined && !full) continue;
    const before = file === undefined ? undefined : await asBefore(file.size, inside, file.gapSource, lent);
    if (before !== undefined) {
      made.push({ path, pieces: before, offsets: undefined });
      continue;
    }
    if (pinned.has(path) || !full) throw unfit(path);
    const order = [...inside].sort((a, b) => a.location!.offset - b.location!.offset);
    made.push(
      layOutData(
        path,
        order.map(({ tensor }) => tensor),
      ),
    );
  }
  return made;
}

function unfit(path: string): TorshError {
  const message = `The graph has weights of its own in ${path}, which can only be written as it was; but other weights in it have changed.`;
  return new TorshError('unsupported', message, { format: ONNX, path });
}

async function asBefore(
  size: number,
  inside: readonly Piece[],
  gaps: ByteSource | undefined,
  lent: Lent,
): Promise<readonly ByteSource[] | undefined> {
  if (!inside.every(({ same, tensor, location }) => same && tensor.data.size === location!.length))
    return undefined;
  const laid = inside.map(({ tensor, location }) => ({ tensor, offset: location!.offset }));
  const found = layOutAsBefore(size, laid, gaps);
  if (found === undefined) return undefined;
  const whole = concat(found.pieces);
  for (const { tensor, offset } of found.shared) {
    // Weights that shared bytes and were changed apart need places of their own.
    if (!(await sameBytes(slice(whole, offset, tensor.data.size), tensor.data, lent))) return undefined;
  }
  return found.pieces;
}
