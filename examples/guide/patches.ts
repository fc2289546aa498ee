import { applyPatch, loadPackage, packagePatch } from '@torsh/package';

// Create incremental update
const updatedModel = { 'fc.weight': { shape: [2, 2], data: Float32Array.of(1, 0, 0, 2) } };
const patch = await packagePatch('my_model_package.torsh');
patch
  .updateModel('my_model', updatedModel)
  .addResource('new_config.json', 'Json', { hidden_size: 2, dropout: 0.1 })
  .removeResource('config.json');

// Save patch
await patch.saveAsPatch('update_v1.2.4.torshpatch');

// Apply patch to existing package
await applyPatch('my_model_package.torsh', 'update_v1.2.4.torshpatch', 'updated.torsh');
const updated = await loadPackage('updated.torsh');
console.log('Resources:', updated.resources);
await updated.close();
