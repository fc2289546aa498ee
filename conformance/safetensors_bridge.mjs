// Runs the built packages for test_safetensors.py: jobs as JSON on standard input, answers as JSON on standard output.
import { defaultLimits, fromBytes, fromFiles, toFiles, webPlatform } from '../packages/bytes/dist/index.js';
import { archive, model } from '../packages/core/dist/index.js';
import { safetensors } from '../packages/safetensors/dist/index.js';

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const unhex = (text) => new Uint8Array(Buffer.from(text, 'hex'));

const context = () => ({
  signal: new AbortController().signal,
  limits: defaultLimits,
  platform: webPlatform,
  issues: [],
  report(issue) {
    this.issues.push(issue.code);
  },
  progress() {},
});

async function write({ origin = 'conformance', name, tensors, aliases = {}, metadata = {}, maxShardBytes }) {
  const lent = tensors.map(([tensor, dtype, shape, data]) => ({
    name: tensor,
    dtype,
    shape,
    data: fromBytes(unhex(data)),
  }));
  const whole = archive(origin, {
    models: [model(lent, { aliases: new Map(Object.entries(aliases)), metadata })],
  });
  const sink = toFiles();
  await safetensors({ maxShardBytes }).writer.write(whole, sink, name, context());
  return Object.fromEntries(Array.from(sink.files(), ([path, bytes]) => [path, hex(bytes)]));
}

async function read({ files, entry, tolerant }) {
  const tree = fromFiles(
    new Map(Object.entries(files).map(([path, data]) => [path, fromBytes(unhex(data))])),
  );
  const lent = context();
  try {
    const opened = await safetensors({ tolerant }).reader.open({ files: tree, entry }, lent);
    const [{ tensors, aliases, metadata }] = opened.models.values();
    const all = [];
    for (const { name, dtype, shape, data } of tensors.values()) {
      all.push([name, dtype, shape, hex(await data.read(0, data.size))]);
    }
    return { tensors: all, aliases: Object.fromEntries(aliases), metadata, issues: lent.issues };
  } catch (error) {
    if (error.name !== 'TorshError') throw error;
    return { error: error.code, message: error.message };
  }
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const answers = [];
for (const job of JSON.parse(Buffer.concat(chunks).toString('utf8'))) {
  answers.push(await (job.do === 'write' ? write(job) : read(job)));
}
process.stdout.write(JSON.stringify(answers));
