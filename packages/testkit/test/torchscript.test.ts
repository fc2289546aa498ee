import { fromBytes, toBytes } from '@torsh/bytes';
import { torchScript } from '@torsh/torch';
import { zipSink } from '@torsh/zip';
import { samplesIn, testContext, testFormat } from '../src/index.ts';
import { checkpoints, fixtures } from './checkpoints.ts';

const good = samplesIn(new URL('torchscript/', fixtures), '.pt', '.ptl').filter(
  ({ name }) => name !== 'flatbuffer.ptl',
);

/** One of each shape, small enough that all of their bytes have their turn. */
const DAMAGED = ['tiny.pt', 'sparse.pt', 'frozen.pt', 'model-json-1.0.pt', 'model-json-1.2.pt'];

/** Four million floats, described as torch 1.2 did. */
async function big(): Promise<Uint8Array> {
  const count = 4 * 2 ** 20;
  const tensor = { dims: [count], strides: [1], dataType: 'FLOAT', data: { key: 'tensors/0' } };
  const mainModule = { parameters: [{ name: 'weight', tensorId: 0 }] };
  const sink = toBytes();
  const zip = zipSink(sink, { platform: testContext().platform });
  for (const [path, content] of [
    ['big/version', '1\n'],
    ['big/tensors/0', new Uint8Array(count * 4)],
    ['big/model.json', JSON.stringify({ mainModule, tensors: [tensor] })],
  ] as const) {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const entry = await zip.create(path, { size: bytes.length });
    await entry.write(bytes);
    await entry.close();
  }
  await zip.close();
  return sink.bytes();
}

testFormat({
  format: torchScript(),
  good,
  others: [
    ...checkpoints,
    ...samplesIn(new URL('torchscript/', fixtures), 'flatbuffer.ptl'),
    ...samplesIn(new URL('safetensors/golden/', fixtures), '.safetensors'),
    ...samplesIn(new URL('attacks/', fixtures), '.zip'),
  ],
  options: {
    big: { source: fromBytes(await big()), entry: 'big.pt' },
    damaged: good.filter(({ name }) => DAMAGED.includes(name)),
    mutations: { everyByteUpTo: 4096 },
  },
});
