import { expect, it } from 'vitest';

it('exports these names', async () => {
  expect(Object.keys(await import('../src/index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "allPaths",
      "decodeModule",
      "decodeSource",
      "decodeText",
      "digraph",
      "findDependencies",
      "firstPath",
      "followDependencies",
      "globGroup",
      "imports",
      "inOrder",
      "knownModules",
      "packageModules",
      "sourceModules",
      "sourceRoots",
      "standardLibrary",
      "toDot",
    ]
  `);
});
