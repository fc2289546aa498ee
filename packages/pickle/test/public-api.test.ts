import { expect, it } from 'vitest';

it('exports these names', async () => {
  expect(Object.keys(await import('../src/index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "HIGHEST_PROTOCOL",
      "asByteArray",
      "asBytes",
      "asComplex",
      "asOrderedDict",
      "asPlain",
      "asSet",
      "assemble",
      "dictEntries",
      "disassemble",
      "fromJson",
      "importedName",
      "interpret",
      "isGlobal",
      "isKind",
      "newName",
      "oldName",
      "opcodes",
      "scan",
      "textEntries",
      "toJson",
    ]
  `);
});
