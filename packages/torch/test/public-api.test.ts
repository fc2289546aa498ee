import { expect, it } from 'vitest';

it('exports these names', async () => {
  expect(Object.keys(await import('../src/index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "openPackage",
      "pickle",
      "salvage",
      "survey",
      "torchExport",
      "torchLegacy",
      "torchSave",
      "torchScript",
      "torchSharded",
      "torchTar",
    ]
  `);
});
