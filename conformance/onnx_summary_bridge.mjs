// Runs the built summary for test_onnx_summary.py: paths as JSON on standard input, summaries on standard output.
import { defaultLimits } from '../packages/bytes/dist/index.js';
import { fromFile } from '../packages/node/dist/index.js';
import { decodeModel, summaryOf } from '../packages/onnx/dist/index.js';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const answers = [];
for (const path of JSON.parse(Buffer.concat(chunks).toString('utf8'))) {
  const place = await fromFile(path);
  const source = await place.open(place.entry);
  answers.push(await summaryOf(await decodeModel(source, { limits: defaultLimits }), source, undefined));
  await place.close();
}
process.stdout.write(JSON.stringify(answers));
