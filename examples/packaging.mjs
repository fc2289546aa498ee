// A checkpoint of PyTorch becomes a package: weights, code, configuration, licence, and what it needs. Nothing of the
// checkpoint is run, and Python is not needed.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { open, verify } from '@torsh/core';
import { allFormats } from '@torsh/formats';
import { fromFile, nodePlatform } from '@torsh/node';
import { loadPackage, packageExporter } from '@torsh/package';
import { runAsScript } from './script.mjs';

const checkpoint = fileURLToPath(new URL('../fixtures/torch-save/tiny.pt', import.meta.url));
const lent = { formats: allFormats(), platform: nodePlatform };

/** @param {string} folder where the package is made */
export async function packaging(folder) {
  const target = join(folder, 'tiny-1.0.0.torsh');
  const file = await fromFile(checkpoint);
  const archive = await open({ files: file, entry: file.entry }, lent);

  const exporter = packageExporter({
    compression: 'deflate',
    metadata: {
      name: 'tiny',
      version: '1.0.0',
      description: 'Two linear layers',
      licence: 'Apache-2.0',
      metadata: { task: 'demonstration' },
    },
  });
  exporter
    .addModel('tiny', archive)
    .addResource('config.json', 'Json', { sizes: [4, 3, 2] })
    .addResource(
      'tiny/net.py',
      'Python',
      'from torch import nn\n\n\ndef net():\n    return nn.Sequential(...)\n',
    )
    .addResource('LICENSE', 'Licence', 'Apache License, Version 2.0\n')
    .setDependencies({ torsh: '>=0.1.0', python: { torch: '>=2.0' } });
  const { bytes } = await exporter.exportToFile(target, { force: true });
  await file.close();
  console.log(`wrote ${target}: ${bytes} bytes`);

  // Is every byte what the manifest says?
  const made = await fromFile(target);
  const { damages } = await verify({ files: made, entry: made.entry }, lent);
  await made.close();
  if (damages.length > 0) throw damages[0];

  const pack = await loadPackage(target);
  const model = await pack.getModel('tiny');
  for (const { name, dtype, shape } of model.tensors.values()) console.log(`  ${name} ${dtype} [${shape}]`);
  console.log(`  needs ${JSON.stringify(pack.dependencies)}`);
  await pack.close();
}

await runAsScript(import.meta.url, packaging);
