import type { ByteSource } from '@torsh/bytes';
import { assemble, type PickleValue, type PyTuple } from '@torsh/pickle';
import { sparseSource } from '../src/index.ts';

const SIZE = 2 ** 32;

const tuple = (...items: readonly PickleValue[]): PyTuple => ({ kind: 'tuple', items });
const global = (module: string, name: string) => ({ kind: 'global', module, name }) as const;

/** A file of the old torch.save with one tensor of four gigabytes, which take no memory. */
export function bigLegacy(): ByteSource {
  const id = tuple('storage', global('torch', 'ByteStorage'), '0', 'cpu', SIZE, null);
  const tensor: PickleValue = {
    kind: 'object',
    how: 'reduce',
    callee: global('torch._utils', '_rebuild_tensor'),
    args: tuple({ kind: 'persistent', id }, 0, tuple(SIZE), tuple(1)),
    states: [],
    items: [],
    keys: [],
    values: [],
  };
  const pickles: readonly PickleValue[] = [
    0x1950a86a20f9469cfc6cn,
    1001,
    { kind: 'dict', keys: ['little_endian'], values: [true] },
    { kind: 'dict', keys: ['weight'], values: [tensor] },
    { kind: 'list', items: ['0'] },
  ];
  const count = new Uint8Array(8);
  new DataView(count.buffer).setBigInt64(0, BigInt(SIZE), true);
  const head = Buffer.concat([...pickles.map((pickle) => assemble(pickle)), count]);
  return sparseSource(head.length + SIZE, new Map([[0, new Uint8Array(head)]]));
}
