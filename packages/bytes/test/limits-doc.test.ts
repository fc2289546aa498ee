import { expect, it } from 'vitest';
import { type LimitReason, limits } from '../src/index.ts';

const intro = `# Limits

A model file is somebody else's program input: each number in it may be a lie. Before torsh allocates, loops or inflates
because of such a number, it compares it with a limit. A file that asks for more is refused with the error code \`limit\` and the
exit code 5. The message names the limit.

A limit can be raised, or lowered, for one run: \`torsh convert big.pt to torsh --limit pickleBytes=2GiB\`. In the library:
\`open(input, { formats, platform, limits: withLimits({ pickleBytes: 2 ** 31 }) })\`. Numbers may have \`KiB\`, \`MiB\`, \`GiB\` or \`TiB\`
behind them on the command line.

There is no limit on the size of a file or of a tensor: weights are copied in blocks, and memory does not grow with them.

This page is made from \`packages/bytes/src/limits.ts\` by \`packages/bytes/test/limits-doc.test.ts\`; do not edit it. After a change
there, run \`npx -y pnpm@10 vitest run -u packages/bytes/test/limits-doc.test.ts\`.
`;

function row([name, { default: value, reason, stops }]: readonly [string, LimitReason]): string {
  return `| \`${name}\` | ${value.toLocaleString('en-US')} | ${reason} | ${stops} |\n`;
}

it('docs/limits.md says what the code says', async () => {
  const table = `| limit | default | why it is enough | what it stops |\n|---|---|---|---|\n${Object.entries(limits).map(row).join('')}`;
  await expect(`${intro}\n${table}`).toMatchFileSnapshot('../../../docs/limits.md');
});
