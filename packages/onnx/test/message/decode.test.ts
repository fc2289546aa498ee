import { fromBytes, type Limits, withLimits } from '@torsh/bytes';
import { describe, expect, it } from 'vitest';
import { decodeMessage, decodeModel } from '../../src/message/decode.ts';
import type { MessageName } from '../../src/schema/schema.ts';
import { bytesFrom, message, text, varint } from '../wire.ts';

const decode = <N extends MessageName>(name: N, bytes: Uint8Array, limits: Partial<Limits> = {}) =>
  decodeMessage(name, fromBytes(bytes), { limits: withLimits(limits) });

describe('a message', () => {
  it('is what its bytes say', async () => {
    const model = await decodeModel(
      fromBytes(
        bytesFrom(
          '08 0a', // ir_version 10
          '12 02 6d 65', // producer_name "me"
          '28 ff ff ff ff ff ff ff ff ff 01', // model_version -1
          '3a 05 12 01 67 5a 00', // graph: name "g", an input without anything
          '42 04 0a 00 10 15', // opset_import: domain "", version 21
          '42 02 10 01', // another, without a domain
        ),
      ),
      { limits: withLimits({}) },
    );
    expect(model).toMatchObject({
      ir_version: 10,
      producer_name: 'me',
      producer_version: undefined,
      model_version: -1,
      opset_import: [
        { domain: '', version: 21 },
        { domain: undefined, version: 1 },
      ],
      metadata_props: [],
    });
    expect(model.graph).toMatchObject({ name: 'g', input: [{ name: undefined, type: undefined }], node: [] });
    expect(model.graph!.span).toEqual({ prefix: 18, offset: 19, length: 5 });
  });

  it('has numbers of 64 bits as they are', async () => {
    const bytes = bytesFrom(
      '42 13', // ints, packed
      'ff ff ff ff ff ff ff ff 7f', // 2^63 - 1
      '80 80 80 80 80 80 80 80 80 01', // -2^63
      '40 ff ff ff ff ff ff ff 0f', // 2^53 - 1, alone
      '40 80 80 80 80 80 80 80 10', // 2^53
    );
    const { ints } = await decode('AttributeProto', bytes);
    expect(ints).toEqual([2n ** 63n - 1n, -(2n ** 63n), 2 ** 53 - 1, 2n ** 53n]);
  });

  it('takes lists of numbers packed and one by one, and both', async () => {
    const bytes = bytesFrom('08 02', '0a 02 03 04', '08 05', '1d 00 00 80 3f');
    const tensor = decode('TensorProto', bytes.subarray(0, 8));
    expect(await tensor).toMatchObject({ dims: [2, 3, 4, 5] });
    expect(await decode('AttributeProto', bytesFrom('3d 00 00 80 3f', '3a 04 00 00 00 40'))).toMatchObject({
      floats: [1, 2],
    });
  });

  it('keeps of weights the places', async () => {
    const bytes = bytesFrom(
      '4a 03 01 02 03', // raw_data
      '25 00 00 80 3f 25 00 00 00 40', // float_data, one by one
      '22 04 00 00 80 3f', // float_data, packed
      '28 07', // int32_data, alone
      '32 01 61 32 00', // string_data
    );
    const tensor = await decode('TensorProto', bytes);
    expect(tensor.raw_data).toEqual([{ start: 0, offset: 2, length: 3, packed: true, count: 1 }]);
    expect(tensor.float_data).toEqual([
      { start: 5, offset: 5, length: 10, packed: false, count: 2 },
      { start: 15, offset: 17, length: 4, packed: true, count: 1 },
    ]);
    expect(tensor.int32_data).toEqual([{ start: 21, offset: 21, length: 2, packed: false, count: 1 }]);
    expect(tensor.string_data).toEqual([{ start: 23, offset: 23, length: 5, packed: false, count: 2 }]);
  });

  it('keeps the places of fields that nobody knows', async () => {
    const bytes = bytesFrom(
      'a0 06 01',
      'a2 06 01 ff',
      'a5 06 00 00 00 00',
      '08 03',
      'a1 06 00 00 00 00 00 00 00 00',
    );
    const { unknown, ir_version } = await decode('ModelProto', bytes);
    expect(ir_version).toBe(3);
    expect(unknown.map(({ offset, length }) => [offset, length])).toEqual([
      [0, 3],
      [3, 4],
      [7, 6],
      [15, 10],
    ]);
  });

  it('is joined where the file has it in parts, and the last of two values counts', async () => {
    const bytes = join(
      message(7, text(2, 'first')),
      varint(1, 4),
      message(7, text(2, 'second'), message(1)),
      varint(1, 5),
    );
    const { graph, ir_version } = await decode('ModelProto', bytes);
    expect(ir_version).toBe(5);
    expect(graph).toMatchObject({ name: 'second', node: [{}] });
    expect(graph!.again).toHaveLength(1);
  });

  it('is only one of what excludes each other', async () => {
    const tensor = message(1, varint(1, 1));
    const both = await decode('TypeProto', join(tensor, message(4)));
    expect(both.tensor_type).toBeUndefined();
    expect(both.sequence_type).toBeDefined();
    expect(await decode('TensorShapeProto.Dimension', join(varint(1, 3), text(2, 'n')))).toMatchObject({
      dim_value: undefined,
      dim_param: 'n',
    });
  });

  it('keeps groups of the future, whatever is in them', async () => {
    // 1000: a number, a text, a group with a field that the message around it has, four bytes, eight bytes
    const group = 'c3 3e 08 01 12 02 61 62 0b 38 05 0c 0d 01 02 03 04 11 01 02 03 04 05 06 07 08 c4 3e';
    const bytes = bytesFrom('12 01 70', group, '08 0a', 'c3 3e c4 3e');
    const { ir_version, producer_name, graph, unknown } = await decode('ModelProto', bytes);
    expect({ ir_version, producer_name, graph }).toEqual({ ir_version: 10, producer_name: 'p' });
    expect(unknown).toEqual([
      { offset: 3, length: 28 },
      { offset: 33, length: 4 },
    ]);
  });

  it('has long bytes only as a place', async () => {
    const long = await decode('AttributeProto', message(4, new Uint8Array(5000)));
    expect(long.s).toEqual({ offset: 3, length: 5000, bytes: undefined });
    const short = await decode('AttributeProto', text(4, 'SAME'));
    expect(short.s!.bytes).toEqual(new TextEncoder().encode('SAME'));
  });
});

describe('what is wrong', () => {
  const cases: [what: string, bytes: Uint8Array, code: string, offset: number][] = [
    ['a length beyond the file', bytesFrom('08 01 3a 7f'), 'truncated', 4],
    ['a length beyond its message', bytesFrom('3a 04 0a 7f 00 00', '08 01'.repeat(80)), 'malformed', 4],
    ['a length of 2^63', bytesFrom('3a 80 80 80 80 80 80 80 80 80 01'), 'limit', 1],
    ['a length that never ends', bytesFrom('3a', 'ff '.repeat(11)), 'malformed', 1],
    ['a file that ends in a length', bytesFrom('3a ff'), 'truncated', 1],
    ['a file that ends in a number', bytesFrom('08 ff'), 'truncated', 1],
    ['a number that reaches out of its message', bytesFrom('3a 02 5a 00 42 01 10 05'), 'malformed', 6],
    ['a group', bytesFrom('3b 3c'), 'malformed', 0],
    ['the end of a group', bytesFrom('08 01 3c'), 'malformed', 2],
    ['a group that has the end of another', bytesFrom('c3 3e cc 3e'), 'malformed', 2],
    ['a group that does not end', bytesFrom('08 01 c3 3e 08 01'), 'truncated', 2],
    ['a group that its message ends', bytesFrom('3a 02 c3 3e c4 3e'), 'malformed', 2],
    ['a wire type that is none', bytesFrom('0f'), 'malformed', 0],
    ['a field of the number 0', bytesFrom('00 01'), 'malformed', 0],
    ['a graph that is a number', bytesFrom('38 01'), 'malformed', 0],
    ['a text that is a number', bytesFrom('10 01'), 'malformed', 0],
    ['a number that is a text', bytesFrom('0a 01 61'), 'malformed', 2],
    [
      'packed numbers of which the last is cut',
      bytesFrom('3a 09 0a 07 2a 05 42 01 ff 40 01'),
      'malformed',
      9,
    ],
  ];
  it.each(cases)('%s', async (_, bytes, code, offset) => {
    await expect(decode('ModelProto', bytes)).rejects.toMatchObject({ name: 'TorshError', code, offset });
  });

  it('a dimension beyond 2^53', async () => {
    const bytes = bytesFrom('08 80 80 80 80 80 80 80 10');
    await expect(decode('TensorProto', bytes)).rejects.toMatchObject({ code: 'limit', offset: 1 });
  });

  it('nesting of 9,999 levels', async () => {
    let nested: Uint8Array = new Uint8Array(0);
    // graph → node → attribute → graph …, from the inside out.
    for (let level = 0; level < 9_999; level++) nested = message([6, 5, 1][level % 3]!, nested);
    await expect(decode('GraphProto', nested)).rejects.toMatchObject({ code: 'limit' });
  });

  it('more messages than are allowed', async () => {
    const bytes = message(
      7,
      new Uint8Array(2000).map((_, index) => (index % 2 === 0 ? 0x0a : 0)),
    );
    await expect(decode('ModelProto', bytes, { messages: 1000 })).rejects.toMatchObject({ code: 'limit' });
    expect((await decode('ModelProto', bytes, { messages: 1001 })).graph!.node).toHaveLength(1000);
  });

  it('more text than is allowed', async () => {
    const bytes = text(6, 'x'.repeat(1000));
    await expect(decode('ModelProto', bytes, { messageBytes: 999 })).rejects.toMatchObject({ code: 'limit' });
  });
});

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}
