import { expect, it } from 'vitest';

it('exports these names', async () => {
  expect(Object.keys(await import('../src/index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "applyPatch",
      "inspectPackage",
      "loadPackage",
      "packageExporter",
      "packagePatch",
      "packageUpdater",
    ]
  `);
});
