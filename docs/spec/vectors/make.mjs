// Makes the test vectors of torsh-1.md from the built packages, and the annotated bytes inside that document.
//   npx -y pnpm@10 build && node docs/spec/vectors/make.mjs
// The same code gives the same bytes: a difference under version control is a change of the format.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import {
  fromBytes,
  fromFiles,
  sha256,
  toBytes,
  toFiles,
  webPlatform,
} from '../../../packages/bytes/dist/index.js';
import { archive, createContext, createPatch, model, torsh } from '../../../packages/core/dist/index.js';
import { openZip, zipSink } from '../../../packages/zip/dist/index.js';
import { annotate } from './annotate.mjs';

const here = new URL('./', import.meta.url);
const context = createContext({ formats: [torsh()], platform: webPlatform });
const utf8 = (text) => new TextEncoder().encode(text);
const hash = (bytes) => {
  const hasher = sha256();
  hasher.update(bytes);
  return hasher.digest();
};

// ---------------------------------------------------------------------------------------------- archives

const tensor = (name, dtype, shape, bytes) => ({
  name,
  dtype,
  shape,
  data: fromBytes(Uint8Array.from(bytes)),
});
const floats = (...values) => new Uint8Array(Float32Array.from(values).buffer);
const doubles = (...values) => new Uint8Array(Float64Array.from(values).buffer);
const resource = (path, role, mediaType, data) => ({ path, role, mediaType, data });

const one = archive('torsh', { models: [model([tensor('weight', 'F32', [2, 2], floats(1, -2, 0.5, 0))])] });

// Compressed once and kept: deflate gives other bytes on other builds of zlib.
const deflatedText = 'words '.repeat(20);
const deflated = {
  ...fromBytes(utf8(deflatedText)),
  deflated: fromBytes(Uint8Array.from(Buffer.from('K88vSilWKKc7CQA=', 'base64'))),
};

const full = archive('torsh', {
  models: [
    model(
      [
        tensor('embed.weight', 'F32', [2, 3], floats(0, 1, 2, 3, 4, 5)),
        tensor('größe.λ', 'I64', [], [42, 0, 0, 0, 0, 0, 0, 0]),
        tensor('spectrum', 'C128', [2], doubles(1, -1, 0, 2)),
        tensor('packed', 'QU4X2', [3], [0x21, 0x03]),
        tensor('empty', 'F16', [0, 4], []),
      ],
      {
        name: 'encoder',
        aliases: new Map([['head.weight', 'embed.weight']]),
        metadata: { format: 'pt', step: '7' },
      },
    ),
    model([tensor('bias', 'BF16', [3], [0x80, 0x3f, 0, 0xc0, 0, 0x3f])], { name: 'decoder' }),
  ],
  resources: [
    resource('net.py', 'code', 'text/x-python', fromBytes(utf8('print("never run")\n'))),
    resource('config.json', 'config', 'application/json', fromBytes(utf8('{"layers": 2}\n'))),
    resource('notes/été.md', 'document', 'text/markdown', deflated),
  ],
  metadata: {
    torsh: {
      name: 'full',
      version: '1.2.3',
      created_at: '2024-01-02T03:04:05.000Z',
      author: 'A. Nobody',
      description: 'Everything that format version 1.0 has a place for.',
      licence: 'Apache-2.0',
      dependencies: { torsh: '>=1.0', python: { numpy: '>=1.20.0' }, system: { cuda: '>=11.0' } },
      metadata: { task: 'none' },
      later: { key: 'that version 1.0 does not know', list: [[1, 2], []], nested: { empty: {} } },
    },
    example: {
      text: 'ä "quoted" \u0001',
      numbers: [1, -0.5, 1e21],
      mixed: [1, 'a', null],
      deep: [{ a: [] }, {}],
    },
    written: { by: 'hand' },
    provenance: { source: { format: 'none' }, converter: 'vectors', issues: [] },
  },
  incidental: ['written'],
});

const dtypes = [
  ['BOOL', 1, [1]],
  ['F4', 2, [0x52]],
  ['F6_E2M3', 4, [1, 2, 3]],
  ['F6_E3M2', 4, [4, 5, 6]],
  ['U8', 1, [255]],
  ['I8', 1, [0x80]],
  ['F8_E5M2', 1, [0x3c]],
  ['F8_E4M3', 1, [0x38]],
  ['F8_E8M0', 1, [0x7f]],
  ['F8_E4M3FNUZ', 1, [0x40]],
  ['F8_E5M2FNUZ', 1, [0x40]],
  ['I16', 1, [1, 2]],
  ['U16', 1, [3, 4]],
  ['F16', 1, [0, 0x3c]],
  ['BF16', 1, [0x80, 0x3f]],
  ['I32', 1, [1, 2, 3, 4]],
  ['U32', 1, [5, 6, 7, 8]],
  ['F32', 1, floats(1)],
  ['C64', 1, floats(1, 2)],
  ['F64', 1, doubles(1)],
  ['I64', 1, [1, 2, 3, 4, 5, 6, 7, 8]],
  ['U64', 1, [8, 7, 6, 5, 4, 3, 2, 1]],
  ['C32', 1, [0, 0x3c, 0, 0x40]],
  ['BC32', 1, [0x80, 0x3f, 0, 0x40]],
  ['C128', 1, doubles(1, 2)],
  ['QI8', 1, [0xff]],
  ['QU8', 1, [1]],
  ['QI32', 1, [1, 0, 0, 0]],
  ['QU4X2', 3, [0x21, 3]],
  ['QU2X4', 5, [0xe4, 1]],
  ['BITS8', 1, [1]],
  ['BITS1X8', 1, [2]],
  ['BITS2X4', 1, [3]],
  ['BITS4X2', 1, [4]],
  ['BITS16', 1, [5, 6]],
  ['U4', 3, [0x21, 3]],
  ['I4', 1, [0x0f]],
  ['U2', 5, [0xe4, 1]],
  ['I2', 4, [0x1b]],
];
const everyType = archive('torsh', {
  models: [
    model(dtypes.map(([dtype, length, bytes]) => tensor(dtype.toLowerCase(), dtype, [length], bytes))),
  ],
});

async function write(whole) {
  const output = toFiles();
  await torsh().writer.write(whole, output, 'x.torsh', context);
  return output.files().get('x.torsh');
}

// ---------------------------------------------------------------------------------------------- valid files

/** What a reader must find, with the place of every tensor in the file. */
async function expectation(bytes) {
  const input = { files: fromFiles(new Map([['x', fromBytes(bytes)]])), entry: 'x' };
  const read = await torsh().reader.open(input, context);
  const digested = async (data) => hash(await data.read(0, data.size));
  const models = [];
  for (const { name, metadata, aliases, tensors } of read.models.values()) {
    const list = [];
    for (const { name, dtype, shape, data } of tensors.values()) {
      const { offset } = await data.locate();
      list.push({ name, dtype, shape, offset, bytes: data.size, sha256: await digested(data) });
    }
    models.push({ name, metadata, aliases: Object.fromEntries(aliases), tensors: list });
  }
  const resources = [];
  for (const { path, role, mediaType, data } of read.resources.values()) {
    resources.push({ path, role, media_type: mediaType, bytes: data.size, sha256: await digested(data) });
  }
  return {
    size: bytes.length,
    sha256: hash(bytes),
    models,
    resources,
    metadata: read.metadata,
    incidental: [...read.incidental].sort(),
  };
}

// ---------------------------------------------------------------------------------------------- broken files

/** The entries of an archive as `[path, bytes]`. */
async function unpack(bytes) {
  const zip = await openZip(fromBytes(bytes), { ...context, strictness: 'strict' });
  const entries = [];
  for (const [path, entry] of zip.entries) {
    const source = zip.source(entry);
    entries.push([path, (await source.read(0, source.size)).slice()]);
  }
  return entries;
}

/** A ZIP of any entries, right or wrong; `before` may add bytes to the file before an entry. */
async function pack(entries, before = async () => {}) {
  const sink = toBytes();
  const zip = zipSink(sink, { platform: webPlatform });
  for (const [path, bytes] of entries) {
    await before(path, sink);
    const header = path.startsWith('models/')
      ? 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true))
      : undefined;
    const entry = await zip.create(path, { size: bytes.length, alignAt: header });
    await entry.write(bytes);
    await entry.close();
  }
  await zip.close();
  return sink.bytes();
}

const find = (bytes, part, from = 0) => Buffer.from(bytes).indexOf(Buffer.from(part), from);
const patched = (bytes, at, ...values) => {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
};

/** The same bytes with another name of the same length, wherever the name stands. */
function renamed(bytes, from, to) {
  const copy = bytes.slice();
  for (let at = find(copy, utf8(from)); at >= 0; at = find(copy, utf8(from))) copy.set(utf8(to), at);
  return copy;
}

async function invalid(good) {
  const entries = await unpack(good);
  const replaced = (path, change) =>
    pack(
      entries.map(([name, bytes]) => [
        name,
        name === path ? utf8(change(new TextDecoder().decode(bytes))) : bytes,
      ]),
    );
  const manifest = (change) => replaced('manifest.json', change);
  const withExtra = (...extra) => {
    const last = entries.length - 1;
    return pack([...entries.slice(0, last), ...extra, entries[last]]);
  };
  const CENTRAL = [0x50, 0x4b, 1, 2];
  const LOCAL = [0x50, 0x4b, 3, 4];
  const centralOf = (index) => {
    let at = find(good, CENTRAL);
    for (let each = 0; each < index; each++) at = find(good, CENTRAL, at + 4);
    return at;
  };
  const localOf = (path) => find(good, utf8(path)) - 30;
  const end = good.length - 22;
  return {
    // Refused when opened.
    'open/malformed-dtype.torsh': await manifest((text) =>
      text.replace('"name": "weight"', '"name": "weight", "dtype": "C128", "shape": [2]'),
    ),
    'open/malformed-folder.torsh': await withExtra(['resources/', utf8('')]),
    'open/malformed-gap.torsh': await pack(entries, async (path, sink) => {
      if (path === 'manifest.json') await sink.write(utf8('gap'));
    }),
    'open/malformed-header-digest.torsh': await manifest((text) =>
      text.replace(/("header": \{ "size": \d+, "sha256": ")../, '$100'),
    ),
    'open/malformed-manifest.torsh': await manifest((text) => text.slice(0, -3)),
    'open/malformed-manifest-crc.torsh': patched(good, find(good, utf8('"code": []')) + 7, 0x09),
    'open/malformed-missing.torsh': await pack(entries.filter(([path]) => !path.startsWith('models/'))),
    'open/malformed-order.torsh': await pack([entries[1], entries[0], entries[2]]),
    'open/malformed-size.torsh': await manifest((text) =>
      text.replace(/"size": (\d+)/, (_, size) => `"size": ${Number(size) + 1}`),
    ),
    'open/malformed-tensor-name.torsh': await manifest((text) => text.replace('"weight"', '"height"')),
    'open/malformed-unlisted.torsh': await withExtra(['resources/stowaway', utf8('?')]),
    'open/malformed-trailing-byte.torsh': Uint8Array.of(...good, 0),
    'open/malformed-comment.torsh': Uint8Array.of(...patched(good, good.length - 2, 1), 0x21),
    'open/truncated.torsh': good.subarray(0, good.length - 1),
    'open/unsafe-before.torsh': await (async () => {
      const sink = toBytes();
      await sink.write(utf8('#!'));
      await sink.write(good);
      await sink.close();
      return sink.bytes();
    })(),
    'open/unsafe-case.torsh': await withExtra(['resources/A', utf8('1')], ['resources/a', utf8('2')]),
    'open/unsafe-device.torsh': await withExtra(['resources/nul.txt', utf8('1')]),
    'open/unsafe-directory.torsh': patched(good, end + 16, good[end + 16] + 1),
    'open/unsafe-file-and-folder.torsh': await withExtra(
      ['resources/a', utf8('1')],
      ['resources/a/b', utf8('2')],
    ),
    'open/unsafe-link.torsh': patched(good, centralOf(1) + 41, 0xa0),
    'open/unsafe-traversal.torsh': await withExtra(['resources/../../escape', utf8('1')]),
    'open/unsafe-twice.torsh': renamed(
      await withExtra(['resources/a', utf8('1')], ['resources/b', utf8('2')]),
      'resources/b',
      'resources/a',
    ),
    'open/unsafe-two-names.torsh': patched(good, localOf('manifest.json') + 30, 0x4d),
    'open/unsupported-encrypted.torsh': patched(good, centralOf(2) + 8, 0x09),
    'open/unsupported-info.torsh': await replaced('metadata/package.info', () => 'torsh 2.0\n'),
    'open/unsupported-method.torsh': patched(good, centralOf(2) + 10, 12),
    'open/unsupported-version.torsh': await manifest((text) => text.replace('"1.0"', '"2.0"')),
    // Opened; found by whoever reads everything.
    'verify/malformed-alignment.torsh': patched(good, localOf('models/model.safetensors') + 30 + 24 + 4, 32),
    'verify/malformed-date.torsh': patched(good, find(good, LOCAL) + 12, 0x22),
    'verify/malformed-descriptor.torsh': patched(good, find(good, [0x50, 0x4b, 7, 8]) + 4, 0),
    'verify/malformed-weight.torsh': patched(good, find(good, floats(1, -2)), 1),
  };
}

// ---------------------------------------------------------------------------------------------- files

function put(name, content) {
  const file = new URL(name, here);
  mkdirSync(new URL('./', file), { recursive: true });
  writeFileSync(file, content);
}

const valid = { empty: archive('torsh', {}), 'one-tensor': one, 'every-type': everyType, full };
const good = await write(one);
const broken = Object.entries(await invalid(good));
for (const folder of ['valid', 'invalid']) rmSync(new URL(folder, here), { recursive: true, force: true });
for (const [name, whole] of Object.entries(valid)) {
  const bytes = await write(whole);
  put(`valid/${name}.torsh`, bytes);
  put(`valid/${name}.json`, `${JSON.stringify(await expectation(bytes), null, 2)}\n`);
}
for (const [name, bytes] of broken) put(`invalid/${name}`, bytes);

const base = utf8('0123456789'.repeat(16));
const target = Uint8Array.from([...utf8('ABCD'), ...base.subarray(0, -1), 0x21]);
const woven = toBytes();
await createPatch({ file: fromBytes(base) }, { file: fromBytes(target) }, woven, { platform: webPlatform });
put('patch/weave.base', base);
put('patch/weave.target', target);
put('patch/weave.torshpatch', woven.bytes());

const spec = new URL('../torsh-1.md', here);
const marks = /(<!-- bytes: one-tensor -->\n)[\s\S]*?(<!-- end of bytes -->)/;
const text = readFileSync(spec, 'utf8');
writeFileSync(
  spec,
  text.replace(marks, (_, open, close) => `${open}\`\`\`text\n${annotate(good)}\`\`\`\n${close}`),
);
