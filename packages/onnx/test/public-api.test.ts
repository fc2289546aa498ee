import { expect, it } from 'vitest';

it('exports these names', async () => {
  expect(Object.keys(await import('../src/index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "ATTRIBUTE_TYPES",
      "DATA_TYPES",
      "EXTERNAL",
      "checkModel",
      "decodeModel",
      "drawModel",
      "onnx",
      "rules",
      "summaryOf",
    ]
  `);
});
