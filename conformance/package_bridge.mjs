// Opens and converts many packages in one process: jobs as JSON on standard input, answers as JSON on standard output.
// A job is { open: path, patterns, asks, packages, pickles } or { convert: path, to: format, as: path, allowLoss } or { make: path }.
import path from 'node:path';
import { digest, fromBytes } from '../packages/bytes/dist/index.js';
import { archive, convert, createContext, model } from '../packages/core/dist/index.js';
import { allFormats } from '../packages/formats/dist/index.js';
import { fromFile, nodePlatform, toSingleFile } from '../packages/node/dist/index.js';
import { openPackage, torchPackage } from '../packages/torch/dist/index.js';

const formats = allFormats();

async function sha256Of(sources) {
  const found = await digest(sources, { platform: nodePlatform, sha256: true });
  return found.map(({ sha256 }) => sha256);
}

async function told({ tensors, aliases }) {
  const list = [...tensors.values()];
  const digests = await sha256Of(list.map(({ data }) => data));
  const summaries = list.map(({ name, dtype, shape }, index) => ({
    name,
    dtype,
    shape,
    sha256: digests[index],
  }));
  return { tensors: summaries, aliases: Object.fromEntries(aliases) };
}

async function look({ open, patterns, asks, packages, pickles }) {
  const file = await fromFile(open);
  try {
    const found = await openPackage({ files: file, entry: file.entry }, { platform: nodePlatform });
    const pickled = {};
    for (const record of pickles) {
      const slash = record.lastIndexOf('/');
      const inPackage = record.slice(0, slash).replaceAll('/', '.');
      const { model: main, extra } = await found.loadPickle(inPackage, record.slice(slash + 1));
      pickled[record] = { ...(await told(main)), extra: await told(extra) };
    }
    const digests = await sha256Of(found.records.map((record) => found.record(record)));
    const contents = packages.map((name) => {
      const resources = found.resources(name);
      return resources?.contents().map((each) => [each, resources.isResource(each)]);
    });
    return {
      structures: patterns.map((pattern) => found.fileStructure(pattern).toString()),
      has: asks.map((ask) => found.fileStructure().hasFile(ask)),
      externs: found.externModules,
      python: found.pythonVersion ?? null,
      records: Object.fromEntries(found.records.map((record, index) => [record, digests[index]])),
      contents,
      pickles: pickled,
    };
  } finally {
    await file.close();
  }
}

async function made({ convert: source, to, as, allowLoss = false }) {
  const file = await fromFile(source);
  try {
    const output = { name: path.basename(as), open: () => toSingleFile(as) };
    const target = formats.find(({ id }) => id === to);
    const options = { formats, to: target, platform: nodePlatform, allowLoss };
    const { written, lossless, issues } = await convert({ files: file, entry: file.entry }, output, options);
    return { written, lossless, issues };
  } finally {
    await file.close();
  }
}

/** A package of code, files and a model, none of which has ever been one. */
async function make({ make: target }) {
  const text = (file, content, role) => ({
    path: file,
    role,
    mediaType: 'text/plain',
    data: fromBytes(new TextEncoder().encode(content)),
  });
  const data = (...numbers) => fromBytes(new Uint8Array(Float32Array.from(numbers).buffer));
  const whole = archive('made', {
    models: [
      model([{ name: 'weight', dtype: 'F32', shape: [2, 2], data: data(1, 2, 3, 4) }], {
        name: 'encoder.v1',
        aliases: new Map([['tied', 'weight']]),
      }),
      model([{ name: 'bias', dtype: 'F32', shape: [1], data: data(7) }]),
    ],
    resources: [
      text(
        'model.py',
        'import json\nimport numpy\nfrom house import rooms\n\ndef answer():\n    return rooms.COUNT + int(numpy.int64(json.loads("2")))\n',
        'code',
      ),
      text('house/__init__.py', '', 'code'),
      text('house/rooms.py', 'from xml.dom import minidom\n\nCOUNT = 40\n', 'code'),
      text('tokenizer/vocab.txt', 'a\nb\n', 'tokenizer'),
    ],
  });
  const context = createContext({ formats, platform: nodePlatform });
  const tree = await toSingleFile(target);
  await torchPackage().writer.write(whole, tree, path.basename(target), context);
  await tree.close();
  return {};
}

async function answer(job) {
  try {
    if ('open' in job) return await look(job);
    return 'make' in job ? await make(job) : await made(job);
  } catch (error) {
    if (error.name !== 'TorshError') throw error;
    return { error: error.code, message: error.message };
  }
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const answers = [];
for (const job of JSON.parse(Buffer.concat(chunks).toString())) answers.push(await answer(job));
process.stdout.write(JSON.stringify(answers));
