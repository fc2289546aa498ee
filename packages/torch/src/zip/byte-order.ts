import { TorshError } from '@torsh/bytes';
import type { Container } from './container.ts';

/** What the byteorder record says; `undefined` where there is none, which means little. */
export async function byteOrderOf(container: Pick<Container, 'text'>): Promise<'little' | 'big' | undefined> {
  const order = await container.text('byteorder');
  if (order === undefined || order === 'little' || order === 'big') return order;
  throw new TorshError(
    'malformed',
    `The byteorder record says ${JSON.stringify(order.slice(0, 20))}; only "little" and "big" mean something.`,
    { path: 'byteorder' },
  );
}
