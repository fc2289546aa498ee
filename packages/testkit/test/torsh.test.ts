import { readdirSync } from 'node:fs';
import { type ByteSource, fromBytes } from '@torsh/bytes';
import { type Archive, archive, model, type Tensor, torsh } from '@torsh/core';
import { openZip } from '@torsh/zip';
import { everythingOf, resourceOf, tensorOf } from '../src/archives.ts';
import { testContext } from '../src/context.ts';
import { written } from '../src/contract/writing.ts';
import { type Sample, sampleFrom, testFormat } from '../src/index.ts';
import { buildZip, utf8 } from '../src/zip-builder.ts';

const format = torsh();

const tensors: Tensor[] = [tensorOf('embed.weight', 'F32', [2, 3]), tensorOf('steps', 'I64', [])];

/** A source that lies deflated in another ZIP, as the code of a package does. */
async function deflated(path: string, text: string): Promise<ByteSource> {
  const zip = await openZip(fromBytes(buildZip([{ name: path, data: utf8(text), method: 8 }])), {
    ...testContext(),
    strictness: 'strict',
  });
  return zip.source(zip.entries.get(path)!);
}

const packed: Archive = archive('test', {
  models: [model(tensors, { name: 'tiny', aliases: new Map([['head.weight', 'embed.weight']]) })],
  resources: [
    {
      ...resourceOf('model.py', '', 'code', 'text/x-python'),
      data: await deflated('model.py', 'x = 1\n'.repeat(40)),
    },
    { ...resourceOf('empty.txt', '', 'document', 'text/plain'), data: await deflated('empty.txt', '') },
    resourceOf('config.json', '{}', 'config', 'application/json'),
  ],
  metadata: { torch: { epoch: 3 }, torsh: { name: 'tiny', x_later: { kept: [1] } } },
  incidental: ['torch'],
});

const good: Sample[] = [];
for (const [name, whole] of [
  ['packed', packed],
  ['nothing', archive('test', {})],
  ['one', archive('test', { models: [model(tensors)] })],
] as const) {
  good.push({ ...(await written(format, whole)), name });
}

const fixtures = new URL('../../../fixtures/', import.meta.url);
const some = (folder: string, suffix: string): Sample[] =>
  readdirSync(new URL(folder, fixtures))
    .filter((name) => name.endsWith(suffix))
    .slice(0, 20)
    .map((name) => sampleFrom(new URL(`${folder}${name}`, fixtures)));

testFormat({
  format,
  good: [...good, { ...(await written(format, everythingOf(format.writer!.accepts))), name: 'everything' }],
  others: [
    ...some('torch-save/', '.pt'),
    ...some('safetensors/cases/', '.safetensors'),
    ...some('attacks/', '.zip'),
  ],
  options: { archives: [packed], damaged: good },
});
