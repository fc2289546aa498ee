import { packageExporter } from '@torsh/package';

// Specify dependencies
const exporter = packageExporter();
exporter.setDependencies({
  torsh: '>=0.1.0,<0.2.0',
  python: { numpy: '>=1.20.0', transformers: '>=4.20.0' },
  system: { cuda: '>=11.0' },
});
await exporter.exportToFile('needs.torsh');
