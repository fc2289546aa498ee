import { expect, it } from 'vitest';

it('exports these names', async () => {
  expect(Object.keys(await import('../src/index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "digestInParallel",
      "fileToReplace",
      "fromFile",
      "fromFolder",
      "nodePlatform",
      "openFile",
      "toFile",
      "toFolder",
      "toMainFile",
      "toSingleFile",
    ]
  `);
});
