import { expect, it } from 'vitest';

it('exports these names', async () => {
  expect(Object.keys(await import('../src/index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "EmptyMatchError",
      "PackageExporter",
      "PackagingError",
      "directory",
      "editPackage",
      "findFirstUseOfBrokenModules",
      "listFiles",
      "modulesNeeded",
      "openPackage",
      "packageDependencies",
      "pickle",
      "pyCall",
      "pyDict",
      "pyFloat",
      "pyGlobal",
      "pyObject",
      "pyOrderedDict",
      "pyStateDict",
      "pyStorage",
      "pyTensor",
      "pyTuple",
      "pyValue",
      "salvage",
      "sourceRoots",
      "survey",
      "torchExport",
      "torchLegacy",
      "torchPackage",
      "torchSave",
      "torchScript",
      "torchSharded",
      "torchTar",
    ]
  `);
});
