import { type ByteSource, transfer, webPlatform } from '@torsh/bytes';
import { zipSink } from '@torsh/zip';
import { pretendedSink, sparseSource } from '../src/index.ts';

const SIZE = 2 ** 32;

/** An exported program with a weight of four gigabytes, which take no memory. */
export async function bigExport(): Promise<ByteSource> {
  const config = {
    config: {
      weight: {
        path_name: 'weight_0',
        is_param: true,
        use_pickle: false,
        tensor_meta: {
          dtype: 1,
          sizes: [{ as_int: SIZE }],
          requires_grad: false,
          device: { type: 'cpu', index: null },
          strides: [{ as_int: 1 }],
          storage_offset: { as_int: 0 },
          layout: 7,
        },
      },
    },
  };
  const sink = pretendedSink(() => 0x12345678);
  const zip = zipSink(sink, { platform: webPlatform });
  const weight = await zip.create('m/data/weights/weight_0', { size: SIZE });
  await transfer([sparseSource(SIZE)], weight, { platform: webPlatform });
  await weight.close();
  const texts = {
    'm/data/weights/model_weights_config.json': JSON.stringify(config),
    'm/archive_format': 'pt2',
    'm/version': '6\n',
  };
  for (const [path, text] of Object.entries(texts)) {
    const bytes = new TextEncoder().encode(text);
    const entry = await zip.create(path, { size: bytes.length });
    await entry.write(bytes);
    await entry.close();
  }
  await zip.close();
  return sparseSource(sink.position, sink.islands);
}
