import { concat, fromBytes, withLimits } from '@torsh/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Edit, rewrite } from '../../src/edit/rewrite.ts';
import { varintBytes, varintWidth } from '../../src/edit/varint.ts';
import { decodeModel } from '../../src/message/decode.ts';
import { findTensors } from '../../src/tensor/find.ts';
import { bytesFrom, message, text, varint } from '../wire.ts';

const limits = withLimits({});

async function apply(bytes: Uint8Array, edits: readonly Edit[]): Promise<Uint8Array> {
  const whole = concat(rewrite(fromBytes(bytes), edits).pieces);
  return (await whole.read(0, whole.size)).slice();
}

/** Cuts all raw data out of a model, and puts it back. */
async function thereAndBack(bytes: Uint8Array): Promise<{ cut: Uint8Array; back: Uint8Array }> {
  const found = [...findTensors(await decodeModel(fromBytes(bytes), { limits }))];
  const edits = found.flatMap(({ proto, nest }) =>
    proto.raw_data.map(
      ({ start, offset, length }): Edit => ({ at: start, remove: offset + length - start, insert: [], nest }),
    ),
  );
  const { pieces, places } = rewrite(fromBytes(bytes), edits);
  const program = concat(pieces);
  const cut = (await program.read(0, program.size)).slice();
  const again = [...findTensors(await decodeModel(fromBytes(cut), { limits }))];
  const of = new Map(found.map(({ place }, index) => [place, again[index]!.nest]));
  const inserts = edits.map((edit): Edit => {
    const place = found.find(({ nest }) => nest === edit.nest)!.place;
    const data = bytes.subarray(edit.at, edit.at + edit.remove);
    return { at: places.get(edit)!, remove: 0, insert: [fromBytes(data)], nest: of.get(place)! };
  });
  return { cut, back: await apply(cut, inserts) };
}

const tensor = (name: string, size: number) =>
  message(5, varint(1, size), varint(2, 2), text(8, name), message(9, new Uint8Array(size).fill(7)));

describe('what is cut out comes back', () => {
  it('at every size at which a length takes one more byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.nat(140), fc.integer({ min: 16_300, max: 16_400 })), {
          minLength: 1,
          maxLength: 5,
        }),
        async (sizes) => {
          const tensors = sizes.map((size, index) => tensor(`w${index}`, size));
          const bytes = new Uint8Array([...varint(1, 10), ...message(7, text(2, 'g'), ...tensors)]);
          const { cut, back } = await thereAndBack(bytes);
          expect(back).toEqual(bytes);
          const model = await decodeModel(fromBytes(cut), { limits });
          expect(model.graph!.initializer.map(({ name, raw_data }) => [name, raw_data.length])).toEqual(
            sizes.map((_, index) => [`w${index}`, 0]),
          );
        },
      ),
      { numRuns: 12 },
    );
  });

  it('from lengths in more bytes than they need, which stay so', async () => {
    // graph (length in 3 bytes) → initializer (in 2 bytes) → raw_data
    const bytes = bytesFrom('3a 8c 80 00', '2a 89 00', '08 03 10 02 4a 03 01 02 03');
    const { cut, back } = await thereAndBack(bytes);
    expect(cut).toEqual(bytesFrom('3a 87 80 00', '2a 84 00', '08 03 10 02'));
    expect(back).toEqual(bytes);
  });

  it('from a graph in two parts', async () => {
    const bytes = new Uint8Array([
      ...message(7, tensor('a', 130)),
      ...varint(1, 10),
      ...message(7, tensor('b', 5)),
    ]);
    expect((await thereAndBack(bytes)).back).toEqual(bytes);
  });
});

it('writes numbers in the shortest form, or in the width that is asked for', () => {
  expect([0, 127, 128, 16_383, 16_384, 2 ** 32].map(varintWidth)).toEqual([1, 1, 2, 2, 3, 5]);
  expect(varintBytes(300)).toEqual(bytesFrom('ac 02'));
  expect(varintBytes(1, 4)).toEqual(bytesFrom('81 80 80 00'));
  expect(varintBytes(2 ** 53 - 1)).toEqual(bytesFrom('ff ff ff ff ff ff ff 0f'));
});
