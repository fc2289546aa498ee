import { expect, it } from 'vitest';

it('exports these names', async () => {
  expect(Object.keys(await import('../src/index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "allPaths",
      "decodeSource",
      "decodeText",
      "digraph",
      "firstPath",
      "globGroup",
      "imports",
      "inOrder",
      "knownModules",
      "sourceRoots",
      "standardLibrary",
      "toDot",
      "wholeLines",
    ]
  `);
});
