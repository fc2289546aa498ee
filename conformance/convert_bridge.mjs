// Converts many files in one process: jobs as JSON on standard input, reports as JSON on standard output.
// A job is { path, by, back, allowLoss }: the file, the archive that it becomes, the checkpoint that is made of that, and whether
// that may be less.
import path from 'node:path';
import { convert } from '../packages/core/dist/index.js';
import { allFormats } from '../packages/formats/dist/index.js';
import { fromFile, nodePlatform, toSingleFile } from '../packages/node/dist/index.js';

const formats = allFormats();
const formatOf = (id) => formats.find((format) => format.id === id);

async function made(source, target, to, allowLoss) {
  const opened = await fromFile(source);
  try {
    const output = { name: path.basename(target), open: () => toSingleFile(target) };
    const report = await convert({ files: opened, entry: opened.entry }, output, {
      formats,
      to: formatOf(to),
      platform: nodePlatform,
      allowLoss,
    });
    return { written: report.written, from: report.from, issues: report.issues };
  } finally {
    await opened.close();
  }
}

async function trip({ path: source, by, back, allowLoss }) {
  try {
    const first = await made(source, by, 'torsh');
    return { first, second: first.written ? await made(by, back, 'torch-save', allowLoss) : null };
  } catch (error) {
    if (error.name !== 'TorshError') throw error;
    return { error: error.code, message: error.message };
  }
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const answers = [];
for (const job of JSON.parse(Buffer.concat(chunks).toString('utf8'))) answers.push(await trip(job));
process.stdout.write(JSON.stringify(answers));
