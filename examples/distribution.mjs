// A package lies on a server. Somebody looks into it, takes one tensor, and a machine that is to run it takes it apart.
// Only what is needed crosses the network, and everything is compared with its digest.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fromUrl } from '@torsh/bytes';
import { extractPackage } from '@torsh/core';
import { nodePlatform, toFolder } from '@torsh/node';
import { inspectPackage, loadPackage, packageExporter } from '@torsh/package';
import { serve } from './file-server.mjs';
import { runAsScript } from './script.mjs';

/** @param {string} folder */
export async function distribution(folder) {
  await packageExporter({ metadata: { name: 'large', version: '1.0.0' } })
    .addModel('main', {
      embedding: new Float32Array(1_000_000).fill(0.5),
      bias: new Float32Array(20_000).fill(1),
    })
    .addResource('serve.py', 'Python', 'print("ready")\n')
    .exportToFile(join(folder, 'large-1.0.0.torsh'), { force: true });

  const server = await serve(folder);
  const address = `${server.address}large-1.0.0.torsh`;
  try {
    // What is it? Directory and manifest are fetched.
    const { manifest, size } = await inspectPackage(address);
    console.log(
      `${manifest.name} ${manifest.version}, ${size} bytes, of which ${server.sent()} were fetched`,
    );

    // One tensor of a model.
    const pack = await loadPackage(address);
    const { tensors } = await pack.getModel('main');
    const before = server.sent();
    const { data } = /** @type {import('@torsh/core').Tensor} */ (tensors.get('bias'));
    await data.read(0, data.size);
    console.log(`a tensor of ${data.size} bytes cost ${server.sent() - before}`);

    // Deployment: all of it, in a folder that appears whole or not at all.
    const output = await toFolder(join(folder, 'deployed'));
    await extractPackage(await fromUrl(address), output, { platform: nodePlatform });
    await output.close();
    console.log(readdirSync(join(folder, 'deployed')).sort().join(' '));
  } finally {
    await server.close();
  }
}

await runAsScript(import.meta.url, distribution);
