import { expect, it } from 'vitest';

it('exports these names', async () => {
  expect(Object.keys(await import('../src/index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "BLOCK",
      "TorshError",
      "blocks",
      "checkPath",
      "checkRead",
      "combineCrc32",
      "compareDigests",
      "concat",
      "crc32",
      "cursor",
      "decodeUtf8",
      "defaultLimits",
      "digest",
      "digestBlocks",
      "expecting",
      "fromBlob",
      "fromBytes",
      "fromFiles",
      "fromStream",
      "fromUrl",
      "fromUrlFolder",
      "isTorshError",
      "limits",
      "locate",
      "locateError",
      "paged",
      "pathFlaw",
      "portablePathFlaw",
      "readAll",
      "sha256",
      "slice",
      "toBytes",
      "toFiles",
      "transfer",
      "webPlatform",
      "withLimits",
    ]
  `);
});
