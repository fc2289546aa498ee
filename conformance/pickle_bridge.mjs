// Lets another language ask this library about pickles: one JSON request a line in, one JSON answer a line out.
// Build the packages first: `npx turbo run build --filter=@torsh/pickle`.
import { createInterface } from 'node:readline';
import { defaultLimits } from '../packages/bytes/dist/index.js';
import { assemble, disassemble, fromJson, interpret, scan, toJson } from '../packages/pickle/dist/index.js';

const decode = (text) => new Uint8Array(Buffer.from(text, 'base64'));
const encode = (bytes) => Buffer.from(bytes).toString('base64');

const operations = {
  read({ pickle }) {
    const { value, globals, end, protocol, notes } = interpret(decode(pickle), defaultLimits);
    return { value: toJson(value), globals, end, protocol, notes };
  },
  write({ value, protocol }) {
    return { pickle: encode(assemble(fromJson(value), { protocol })) };
  },
  // What was read, written again: also for values that typed JSON spells differently.
  rewrite({ pickle, protocol }) {
    return { pickle: encode(assemble(interpret(decode(pickle), defaultLimits).value, { protocol })) };
  },
  disassemble({ pickle }) {
    const opcodes = [...disassemble(decode(pickle), defaultLimits)];
    return {
      opcodes: opcodes.map(({ offset, name, argument }) => [offset, name, argumentJson(name, argument)]),
    };
  },
  scan({ pickle }) {
    const { pickles, globals, status, error, notes } = scan(decode(pickle), defaultLimits);
    return { pickles, globals, status, error: error?.code ?? null, notes };
  },
};

function argumentJson(name, argument) {
  if (name === 'FLOAT' || name === 'BINFLOAT') {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(argument);
    return { $float: bytes.toString('hex') };
  }
  if (argument === undefined) return null;
  if (argument instanceof Uint8Array) return { $bytes: encode(argument) };
  if (typeof argument === 'bigint') return { $int: String(argument) };
  return argument;
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = operations[request.op](request);
  } catch (error) {
    answer = { error: error.code ?? 'crash', message: String(error.stack ?? error), offset: error.offset };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
