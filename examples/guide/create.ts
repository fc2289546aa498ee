import { packageExporter } from '@torsh/package';

// Create package exporter
const exporter = packageExporter({
  includeCode: true,
  includeWeights: true,
  compression: 'deflate',
  metadata: { name: 'my_model_package', version: '1.2.3', createdAt: new Date() },
});

// Add model to package
const model = {
  'fc.weight': { shape: [2, 2], data: Float32Array.of(1, 0, 0, 1) },
  'fc.bias': Float32Array.of(0, 0),
};
exporter.addModel('my_model', model);

// Add additional resources
exporter.addResource('config.json', 'Json', { hidden_size: 2 });
exporter.addResource('preprocessing.py', 'Python', 'def prepare(text):\n    return text.lower()\n');

// Export package
await exporter.exportToFile('my_model_package.torsh');
