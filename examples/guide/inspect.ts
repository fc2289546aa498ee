import { inspectPackage } from '@torsh/package';

// Look into a package without extracting it; an https:// address does as well
const { manifest, size } = await inspectPackage('my_model_package.torsh');

console.log('Package manifest:');
console.log(`  Name: ${manifest.name}`);
console.log(`  Version: ${manifest.version}`);
console.log(
  '  Models:',
  manifest.models.map(({ name }) => name),
);
console.log(
  '  Resources:',
  manifest.resources.map(({ path }) => path),
);
console.log(`  Size: ${size} bytes`);
