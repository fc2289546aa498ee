import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { type ByteSink, crc32, type Digests, fromBytes } from '@torsh/bytes';
import { archive, model, type Tensor, torsh } from '@torsh/core';
import { sparseSource, testContext } from '../src/index.ts';

/** The one tensor of the sparse archive that is not zeros, and its bytes. */
export const MARKED = 'layer.500.weight';
export const MARK: Uint8Array = Uint8Array.from({ length: 2 ** 20 }, (_, index) => (index * 7) & 0xff);

const marked = fromBytes(MARK);

/** Writes a .torsh file of more than 1 GiB and 601 tensors that takes nearly no place on the disk. */
export async function writeSparseTorsh(path: string): Promise<void> {
  const tensors = Array.from({ length: 600 }, (_, index): Tensor => {
    const data = index === 500 ? marked : sparseSource(2 ** 20);
    return { name: `layer.${index}.weight`, dtype: 'F32', shape: [512, 512], data };
  });
  const size = 2 ** 29;
  tensors.push({ name: 'embedding', dtype: 'F32', shape: [size / 4], data: sparseSource(size) });
  const whole = archive('test', {
    models: [model(tensors)],
    metadata: { torsh: { name: 'sparse', version: '1.2.3' } },
  });
  const fd = fs.openSync(path, 'w');
  const output = { create: async () => sparseSink(fd), close: async () => {}, abort: async () => {} };
  await torsh().writer!.write(whole, output, 'sparse.torsh', testContext());
}

/** Leaves holes where sources of zeros would lie; their digests are not those of zeros, which nobody asks for here. */
function sparseSink(fd: number): ByteSink {
  let position = 0;
  const write = async (bytes: Uint8Array): Promise<void> => {
    fs.writeSync(fd, bytes, 0, bytes.length, position);
    position += bytes.length;
  };
  return {
    get position() {
      return position;
    },
    write,
    async transfer(sources) {
      const found: Digests[] = [];
      for (const source of sources) {
        if (source === marked) {
          await write(MARK);
          found.push({ crc32: crc32(MARK), sha256: createHash('sha256').update(MARK).digest('hex') });
        } else {
          position += source.size;
          found.push({ crc32: 1, sha256: '0'.repeat(64) });
        }
      }
      return found;
    },
    async close() {
      fs.closeSync(fd);
    },
    async abort() {
      fs.closeSync(fd);
    },
  };
}
