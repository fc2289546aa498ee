// Takes many ONNX models apart and puts them together again in one process: jobs as JSON on standard input, reports on standard output.
// A job is { path, out?, options?, fill? }: the model; where to write what is made of it, with which options of `onnx()`, and with
// which weights filled with a number. Without `out` what is made is compared with the model and the files beside it.
import fs from 'node:fs';
import path from 'node:path';
import { fromBytes, fromFiles, toFiles } from '../packages/bytes/dist/index.js';
import { createContext, describe, plan, torsh } from '../packages/core/dist/index.js';
import { fromFile, nodePlatform, toMainFile } from '../packages/node/dist/index.js';
import { onnx } from '../packages/onnx/dist/index.js';

const formats = [onnx(), torsh()];

/** The archive, as it is after a way through a .torsh file. */
async function stored(archive, context) {
  const output = toFiles();
  await torsh().writer.write(archive, output, 'x.torsh', context);
  await output.close();
  const bytes = output.files().get('x.torsh');
  return torsh().reader.open(
    { files: fromFiles(new Map([['x.torsh', fromBytes(bytes)]])), entry: 'x.torsh' },
    context,
  );
}

function filled(archive, fill) {
  const models = [...archive.models.values()].map((model) => {
    const tensors = new Map(
      [...model.tensors].map(([name, tensor]) => {
        if (!Object.hasOwn(fill, name)) return [name, tensor];
        const data = fromBytes(
          new Uint8Array(new Float32Array(tensor.data.size / 4).fill(fill[name]).buffer),
        );
        return [name, { ...tensor, data }];
      }),
    );
    return { ...model, tensors };
  });
  return { ...archive, models: new Map(models.map((model) => [model.name, model])) };
}

async function run({ path: source, out, options = {}, fill = {} }) {
  const issues = [];
  const context = createContext({ formats, platform: nodePlatform, report: (issue) => issues.push(issue) });
  const place = await fromFile(source);
  try {
    const input = { files: place, entry: place.entry };
    const match = await onnx().detect(input, context);
    const opened = await onnx().reader.open(input, context);
    const archive = filled(await stored(opened, context), fill);
    const format = onnx(options);
    const planned = plan(archive, format);
    const result = { detected: match?.confidence, issues: [...issues, ...planned.issues] };
    if (out !== undefined) {
      fs.mkdirSync(path.dirname(out), { recursive: true });
      const sink = await toMainFile(out, { fsync: false });
      await format.writer.write(archive, sink, path.basename(out), context);
      await sink.close();
      return result;
    }
    const sink = toFiles();
    await format.writer.write(archive, sink, path.basename(source), context);
    await sink.close();
    const { tensors } = await describe(opened, [], context, { digests: true });
    const beside = path.dirname(source);
    const differs = [...sink.files()]
      .filter(([name, bytes]) => !fs.readFileSync(path.join(beside, name)).equals(bytes))
      .map(([name]) => name);
    return { ...result, tensors, files: [...sink.files().keys()], differs };
  } catch (error) {
    if (error.name !== 'TorshError') throw error;
    return { error: error.code, message: error.message };
  } finally {
    await place.close();
  }
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const answers = [];
for (const job of JSON.parse(Buffer.concat(chunks).toString('utf8'))) answers.push(await run(job));
process.stdout.write(JSON.stringify(answers));
