import fs from 'node:fs/promises';
import type { ResourceType } from '@torsh/core';
import { packageExporter } from '@torsh/package';

// Supported resource types
const resources: [name: string, type: ResourceType][] = [
  ['model.safetensors', 'Model'],
  ['config.json', 'Json'],
  ['tokenizer.json', 'Tokenizer'],
  ['preprocessing.py', 'Python'],
  ['data.csv', 'Data'],
  ['image.png', 'Binary'],
];

const exporter = packageExporter();
for (const [name, type] of resources) exporter.addResource(name, type, await fs.readFile(name));
await exporter.exportToFile('types.torsh');
