// A package gets a new version: the weights change, the code stays. Users who have the old one need only what changed,
// as a patch that gives the new file byte for byte.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { applyPatch, createPatch, satisfies } from '@torsh/core';
import { nodePlatform, openFile, toFile } from '@torsh/node';
import { inspectPackage, loadPackage, packageExporter, packageUpdater } from '@torsh/package';
import { runAsScript } from './script.mjs';

const lent = { platform: nodePlatform };

/** @param {string} folder */
export async function versions(folder) {
  const [old, fresh, patch] = ['net-1.0.0.torsh', 'net-1.0.1.torsh', 'net.torshpatch'].map((name) =>
    join(folder, name),
  );
  if (old === undefined || fresh === undefined || patch === undefined) return;
  const weights = Float32Array.from({ length: 100_000 }, (_, index) => Math.sin(index * index));
  await packageExporter({ metadata: { name: 'net', version: '1.0.0' }, compression: 'deflate' })
    .addModel('net', { embedding: weights, head: Float32Array.of(1, 2, 3) })
    .addResource('net.py', 'Python', 'class Net: ...\n'.repeat(20))
    .exportToFile(old, { force: true });

  // A new head, and a version that says so. The old file stays as it is.
  const updater = await packageUpdater(old);
  updater
    .updateModel('net', { embedding: weights, head: Float32Array.of(1, 2, 4) })
    .incrementVersion('patch');
  await updater.save(fresh, { force: true });

  // May it take the place of the old one? That is what requirements are for.
  const { manifest } = await inspectPackage(fresh);
  console.log(`${manifest.version} satisfies ^1.0.0: ${satisfies(String(manifest.version), '^1.0.0')}`);

  // What changed, as a file.
  const [base, target] = [await openFile(old), await openFile(fresh)];
  const [from, to] = [await loadPackage(base), await loadPackage(target)];
  await createPatch(
    { file: base, archive: await from.archive() },
    { file: target, archive: await to.archive() },
    await toFile(patch, { force: true }),
    lent,
  );
  console.log(`the package has ${target.size} bytes, the patch ${statSync(patch).size}`);

  // At the users: the old file and the patch give the new file, or an error and no file.
  const received = await openFile(patch);
  await applyPatch(base, received, await toFile(join(folder, 'patched.torsh'), { force: true }), lent);
  for (const file of [base, target, received]) await file.close();
  console.log(`patched: ${(await inspectPackage(join(folder, 'patched.torsh'))).manifest.version}`);
}

await runAsScript(import.meta.url, versions);
