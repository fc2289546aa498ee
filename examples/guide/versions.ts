import { satisfies } from '@torsh/core';
import { loadPackage, packageUpdater } from '@torsh/package';

// Check version compatibility
const pack = await loadPackage('my_model_package.torsh');
if (satisfies(pack.version ?? '0.0.0', '>=1.0.0,<2.0.0')) console.log('Package version is compatible');
else console.log('Package version incompatibility detected');
await pack.close();

// Update package
const newModel = { 'fc.weight': { shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) } };
const updater = await packageUpdater('my_model_package.torsh');
updater.updateModel('my_model', newModel);
updater.incrementVersion('patch');
await updater.save('my_model_package_v1.2.4.torsh');
