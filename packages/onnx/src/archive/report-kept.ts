import type { Context } from '@torsh/core';

/** Names in a message before it is cut short. */
const SHOWN = 3;

/** Tells which tensors stay in the graph, and why. They are not lost: the graph is kept as it is. */
export function reportKept(
  kept: ReadonlyMap<string, readonly string[]>,
  context: Pick<Context, 'report'>,
): void {
  for (const [reason, names] of kept) {
    const some = names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ', …' : '');
    const many = names.length === 1 ? 'One tensor stays' : `${names.length} tensors stay`;
    context.report({
      severity: 'note',
      code: 'kept-in-graph',
      message: `${many} in the graph (${some}): ${reason}.`,
      subject: names[0],
    });
  }
}
