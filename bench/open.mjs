// Opens a file with the library and prints how long that alone took, in seconds: `node bench/open.mjs <file>`.
import { open } from '../packages/core/dist/index.js';
import { allFormats } from '../packages/formats/dist/index.js';
import { fromFile, nodePlatform } from '../packages/node/dist/index.js';

const start = performance.now();
const file = await fromFile(process.argv[2]);
const archive = await open(
  { files: file, entry: file.entry },
  { formats: allFormats(), platform: nodePlatform },
);
const seconds = (performance.now() - start) / 1000;
if (archive.models.get('model').tensors.size === 0) throw new Error('nothing was opened');
console.log(seconds);
await file.close();
