import { loadPackage } from '@torsh/package';

// Load package
const pack = await loadPackage('my_model_package.torsh');

// Get model from package: its header is read, its weights when they are asked for
const model = await pack.getModel('my_model');
const { shape, data } = model.tensors.get('fc.weight')!;
console.log(shape, await data.read(0, data.size));

// Get additional resources
const config = await pack.getResource('config.json').json();
const preprocessCode = await pack.getResource('preprocessing.py').text();
console.log(config, preprocessCode);

// Check package metadata
console.log(`Package: ${pack.name} v${pack.version}`);
console.log(`Created: ${pack.createdAt?.toISOString()}`);
console.log('Dependencies:', pack.dependencies);

await pack.close();
