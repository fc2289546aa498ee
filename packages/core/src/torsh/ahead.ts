/** Makes something of each item and gives it in their order, while the next few are being made already. */
export async function* ahead<T, R>(
  items: readonly T[],
  atOnce: number,
  make: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const coming: Promise<R>[] = [];
  let next = 0;
  const fill = (): void => {
    while (coming.length < atOnce && next < items.length) {
      const made = make(items[next++]!);
      // Its turn to fail comes when its turn comes.
      made.catch(() => undefined);
      coming.push(made);
    }
  };
  try {
    for (fill(); coming.length > 0; fill()) yield await coming.shift()!;
  } finally {
    await Promise.allSettled(coming);
  }
}
