import type { ByteSink, ByteSource, Digests, FileTreeSink } from '@torsh/bytes';
import { type Archive, archive, describe as describeArchive, type Format, model, torsh } from '@torsh/core';
import { assemble, type PickleValue, type PyObject, type PyTuple } from '@torsh/pickle';
import { safetensors } from '@torsh/safetensors';
import { torchSave } from '@torsh/torch';
import { zipSink } from '@torsh/zip';
import { describe, expect, it } from 'vitest';
import { countingSource, pretendedSink, sparseSource, testContext } from '../src/index.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;
/** What a ZIP reader takes from the end at once, to find the end record. */
const TAIL = 66 * 1024;
/** What detection looks at, and what opening looks at to tell the old torch.save. */
const HEADS = 8 * 1024;

/** A file of which only the headers exist; the weights are zeros that take no memory. */
interface Big {
  readonly source: ByteSource;
  /** Where the weights lie. */
  readonly weights: readonly (readonly [offset: number, size: number])[];
}

/** What stands for weights. */
const zeros = new WeakSet<ByteSource>();

function weightsOf(size: number): ByteSource {
  const source = sparseSource(size);
  zeros.add(source);
  return source;
}

/** A sink that keeps headers, and for weights only where they would lie. */
function bigSink(): ByteSink & { file(): Big } {
  const sink = pretendedSink(() => 0x12345678);
  const weights: [number, number][] = [];
  return {
    get position() {
      return sink.position;
    },
    write: (bytes) => sink.write(bytes),
    async transfer(sources, options): Promise<Digests[]> {
      const found: Digests[] = [];
      for (const source of sources) {
        if (zeros.has(source)) {
          weights.push([sink.position, source.size]);
          const [digests] = await sink.transfer!([source], options);
          found.push({ ...digests, sha256: '0'.repeat(64) });
        } else {
          await sink.write(await source.read(0, source.size));
          found.push({});
        }
      }
      return found;
    },
    close: () => sink.close(),
    abort: (reason) => sink.abort(reason),
    file: () => ({ source: sparseSource(sink.position, sink.islands), weights }),
  };
}

/** What a format writes of these tensors. */
async function written(format: Format, whole: Archive): Promise<Big> {
  const sink = bigSink();
  const output: FileTreeSink = { create: async () => sink, close: async () => {}, abort: async () => {} };
  await format.writer!.write(whole, output, `big${format.writer!.suffix}`, testContext());
  return sink.file();
}

const tuple = (...items: readonly PickleValue[]): PyTuple => ({ kind: 'tuple', items });
const call = (module: string, name: string, ...args: readonly PickleValue[]): PyObject => ({
  kind: 'object',
  how: 'reduce',
  callee: { kind: 'global', module, name },
  args: tuple(...args),
  states: [],
  items: [],
  keys: [],
  values: [],
});

const nameOf = (index: number): string => `layers.${String(index).padStart(3, '0')}.weight`;

/** A checkpoint as torch writes it: the pickle first, then a record for each storage, then the version. */
async function checkpoint(sizes: readonly number[]): Promise<Big> {
  const tensors = sizes.map((size, index): PickleValue => {
    const type = { kind: 'global', module: 'torch', name: 'ByteStorage' } as const;
    const id = tuple('storage', type, String(index), 'cpu', size);
    const arguments_ = [{ kind: 'persistent', id } as const, 0, tuple(size), tuple(1), false];
    return call('torch._utils', '_rebuild_tensor_v2', ...arguments_, call('collections', 'OrderedDict'));
  });
  const keys = sizes.map((_, index) => nameOf(index));
  const pickle = assemble({ kind: 'dict', keys, values: tensors });
  const sink = bigSink();
  const { platform } = testContext();
  const zip = zipSink(sink, { platform });
  const put = async (
    path: string,
    size: number,
    fill: (entry: ByteSink) => Promise<unknown>,
  ): Promise<void> => {
    const entry = await zip.create(`big/${path}`, { size, alignAt: 0 });
    await fill(entry);
    await entry.close();
  };
  await put('data.pkl', pickle.length, (entry) => entry.write(pickle));
  await put('byteorder', 6, (entry) => entry.write(new TextEncoder().encode('little')));
  for (const [index, size] of sizes.entries()) {
    await put(`data/${index}`, size, (entry) => entry.transfer!([weightsOf(size)], { platform }));
  }
  await put('version', 2, (entry) => entry.write(new TextEncoder().encode('3\n')));
  await zip.close();
  return sink.file();
}

const whole = (sizes: readonly number[]): Archive =>
  archive('test', {
    models: [
      model(
        sizes.map((size, index) => ({
          name: nameOf(index),
          dtype: 'U8',
          shape: [size],
          data: weightsOf(size),
        })),
      ),
    ],
  });

/** Many tensors, above 2 GiB; one of 5 GiB, whose size and all offsets behind it need ZIP64. */
const shapes: readonly (readonly [what: string, sizes: readonly number[]])[] = [
  ['300 tensors of 8 MiB', new Array<number>(300).fill(8 * MiB)],
  ['a tensor of 5 GiB between small ones', [64, 5 * GiB, 64]],
];

const makers: readonly (readonly [string, Format, (sizes: readonly number[]) => Promise<Big>])[] = [
  ['a checkpoint', torchSave(), checkpoint],
  ['a .torsh archive', torsh(), (sizes) => written(torsh(), whole(sizes))],
  ['a safetensors file', safetensors(), (sizes) => written(safetensors(), whole(sizes))],
];

describe.each(makers)('to inspect %s', (_, format, make) => {
  it.each(shapes)('of %s reads its headers and nothing of its weights', async (_, sizes) => {
    const { source, weights } = await make(sizes);
    const held = weights.reduce((sum, [, size]) => sum + size, 0);
    expect(source.size).toBeGreaterThan(2 * GiB);
    expect(held).toBe(sizes.reduce((sum, size) => sum + size, 0));
    const headers = source.size - held;

    const counted = countingSource(source);
    const input = { files: { async *list() {}, open: async () => counted }, entry: 'big' };
    const context = testContext();
    expect((await format.detect(input, context))?.confidence).toBe('certain');
    const opened = await format.reader!.open(input, context);
    const { tensors } = await describeArchive(opened, context.issues, context);

    expect(tensors.map(({ name, bytes }) => [name, bytes])).toEqual(
      sizes.map((size, index) => [nameOf(index), size]),
    );
    // A .torsh archive has a header inside of it that is summed, and then read.
    expect(counted.bytes).toBeLessThanOrEqual(2 * headers + TAIL + HEADS);
    expect(counted.reads).toBeLessThan(30);
    // Weights may lie in the head and the tail that are taken at a guess; nothing else of them is touched.
    for (const [offset, size] of weights) {
      const from = Math.max(offset, HEADS);
      const to = Math.min(offset + size, source.size - TAIL);
      expect(counted.covered(from, Math.max(0, to - from))).toBe(0);
    }
  });
});

describe('to read one tensor of a large file', () => {
  it.each(makers)('reads of %s that tensor and its header', async (_, format, make) => {
    const { source } = await make([64, 5 * GiB, 64]);
    const counted = countingSource(source);
    const input = { files: { async *list() {}, open: async () => counted }, entry: 'big' };
    const opened = await format.reader!.open(input, testContext());
    const tensor = opened.models.get('model')!.tensors.get(nameOf(1))!;
    const before = counted.bytes;
    // Beyond the four gigabytes that a number of 32 bits can name.
    expect(await tensor.data.read(5 * GiB - 16, 16)).toEqual(new Uint8Array(16));
    expect(counted.bytes - before).toBeLessThan(1024);
  });
});
