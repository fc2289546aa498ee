/** Things that wait under keys. Adding and taking cost the same however many wait under one. */
export interface Queues<T> {
  add(key: string, item: T): void;
  /** The first that waits under this key, which then waits no more. */
  take(key: string): T | undefined;
  /** All that still wait, key by key. */
  rest(): T[];
}

export function queues<T>(): Queues<T> {
  const waiting = new Map<string, { readonly items: T[]; taken: number }>();
  return {
    add(key, item) {
      const queue = waiting.get(key);
      if (queue === undefined) waiting.set(key, { items: [item], taken: 0 });
      else queue.items.push(item);
    },
    take(key) {
      const queue = waiting.get(key);
      return queue !== undefined && queue.taken < queue.items.length ? queue.items[queue.taken++] : undefined;
    },
    rest: () => [...waiting.values()].flatMap(({ items, taken }) => items.slice(taken)),
  };
}
