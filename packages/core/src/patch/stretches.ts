import { type ByteSource, locate, type ReadOptions } from '@torsh/bytes';
import { type Archive, tensorsOf } from '../archive.ts';
import { bitsOf, storedAs } from '../dtype.ts';
import type { Range } from './match.ts';
import { type Form, UNORDERED } from './planes.ts';

/** A tensor, or a file within the file, where its bytes lie unchanged. */
export interface Stretch extends Range {
  /** What it is called; a tensor and a file are never called the same. */
  readonly name: string;
  /** How the numbers of a tensor are taken apart; absent for what is no tensor. */
  readonly form?: Form | undefined;
  /** The type of a tensor: only bytes of one type are taken as numbers that may be near each other. */
  readonly type?: string | undefined;
  readonly sha256?: string | undefined;
}

/** Shorter ones are searched like everything between tensors: a step of their own would cost more than it saves. */
const SHORTEST = 256;

/** Where the tensors and files of an archive lie in the file that it was opened from, in the order of the file. */
export async function stretchesOf(
  archive: Archive,
  file: ByteSource,
  options?: ReadOptions,
): Promise<Stretch[]> {
  const { root, offset: start } = await locate(file, options);
  const found: Stretch[] = [];
  const add = async (data: ByteSource, rest: Omit<Stretch, 'offset' | 'size'>): Promise<void> => {
    if (data.size < SHORTEST) return;
    const window = await locate(data, options);
    const offset = window.offset - start;
    if (window.root !== root || offset < 0 || offset + data.size > file.size) return;
    found.push({ ...rest, offset, size: data.size });
  };
  for (const [model, { name, dtype, shape, data }] of tensorsOf(archive)) {
    const stored = storedAs(dtype, shape).dtype;
    const sha256 = data.expected?.sha256;
    await add(data, { name: `tensor ${model}:${name}`, form: formOf(stored), type: dtype, sha256 });
  }
  for (const { path, data } of archive.resources.values()) {
    await add(data.deflated ?? data, { name: `file ${path}`, sha256: data.deflated?.expected?.sha256 });
  }
  return apart(found);
}

/** Views of one storage lie over each other; each byte belongs to the first that has it. */
function apart(found: readonly Stretch[]): Stretch[] {
  const sorted = [...found].sort((a, b) => a.offset - b.offset || b.size - a.size);
  let end = 0;
  return sorted.filter(({ offset, size }) => {
    if (offset < end) return false;
    end = offset + size;
    return true;
  });
}

/** Bits below the exponent of the floats whose exponents order anything. */
const SHIFTS: Readonly<Record<string, number>> = { BF16: 7, F16: 10, F32: 23, C64: 23 };

function formOf(dtype: Parameters<typeof bitsOf>[0]): Form {
  const bits = bitsOf(dtype);
  const width = bits >= 32 ? 4 : bits === 16 ? 2 : 1;
  return { width, shift: SHIFTS[dtype] ?? UNORDERED };
}

/** The parts of a file that no stretch covers. */
export function gapsOf(size: number, stretches: readonly Range[]): Range[] {
  const gaps: Range[] = [];
  let at = 0;
  for (const { offset, size: length } of stretches) {
    if (offset > at) gaps.push({ offset: at, size: offset - at });
    at = offset + length;
  }
  if (at < size) gaps.push({ offset: at, size: size - at });
  return gaps;
}
