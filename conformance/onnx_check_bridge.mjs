// Runs the built checker for test_onnx_check.py: models as JSON on standard input, the rules that they break on standard output.
import { defaultLimits, fromBytes, isTorshError } from '../packages/bytes/dist/index.js';
import { fromFile } from '../packages/node/dist/index.js';
import { checkModel, decodeModel, rules } from '../packages/onnx/dist/index.js';

async function check({ model, path }) {
  const place = path === undefined ? undefined : await fromFile(path);
  try {
    const source = place ? await place.open(place.entry) : fromBytes(Buffer.from(model, 'base64'));
    const findings = [];
    await checkModel(await decodeModel(source, { limits: defaultLimits }), {
      source,
      sizeOf: async (name) => (await place?.open(name))?.size,
      found: (finding) => findings.push(finding),
    });
    return findings;
  } catch (error) {
    if (!isTorshError(error)) throw error;
    return [{ rule: error.code, severity: 'error', path: '', message: error.message }];
  } finally {
    await place?.close();
  }
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const answers = [];
for (const job of JSON.parse(Buffer.concat(chunks).toString('utf8'))) answers.push(await check(job));
process.stdout.write(JSON.stringify({ rules: Object.keys(rules), answers }));
