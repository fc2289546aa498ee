import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { rules } from '../../src/index.ts';

it('the documentation has every rule', async () => {
  const page = await readFile(new URL('../../../../docs/formats/onnx.md', import.meta.url), 'utf8');
  const table = page.split('| rule | demands that |')[1]!.split('\n\n')[0]!;
  const lines = Object.entries(rules).map(([rule, text]) => `| \`${rule}\` | ${text} |`);
  expect(table.trim().split('\n').slice(1)).toEqual(lines);
});
