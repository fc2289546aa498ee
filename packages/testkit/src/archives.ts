import { digest, fromBytes } from '@torsh/bytes';
import {
  type Archive,
  archive,
  bytesOf,
  type Content,
  type Context,
  type DType,
  type Json,
  model,
  PHYSICAL,
  type Resource,
  type ResourceRole,
  type Tensor,
} from '@torsh/core';

/** All types beyond those of safetensors. */
export const LOGICAL: readonly DType[] = [
  'C32',
  'BC32',
  'C128',
  'QI8',
  'QU8',
  'QI32',
  'QU4X2',
  'QU2X4',
  'BITS8',
  'BITS1X8',
  'BITS2X4',
  'BITS4X2',
  'BITS16',
  'U4',
  'I4',
  'U2',
  'I2',
];

/** A tensor of bytes that can be told apart: they count up from `seed`. */
export function tensorOf(name: string, dtype: DType, shape: readonly number[], seed = 1): Tensor {
  const bytes = Uint8Array.from({ length: bytesOf(dtype, shape) }, (_, index) => (seed + index * 7) & 0xff);
  return { name, dtype, shape, data: fromBytes(bytes) };
}

export function resourceOf(
  path: string,
  text: string,
  role: ResourceRole = 'other',
  mediaType = 'application/octet-stream',
): Resource {
  return { path, role, mediaType, data: fromBytes(new TextEncoder().encode(text)) };
}

/** An archive with one of everything that a format says it can hold. */
export function everythingOf(content: Content): Archive {
  const dtypes = content.dtypes === 'all' ? [...PHYSICAL, ...LOGICAL] : content.dtypes;
  const tensors = dtypes.map((dtype, index) => tensorOf(`of.${dtype}`, dtype, [2, 4], index));
  const first = tensors[0]!;
  const rest = {
    ...(content.aliases ? { aliases: new Map([['tied', first.name]]) } : {}),
    metadata: Object.fromEntries(
      Object.entries({ format: 'pt', 'a key': 'a "text"\nof two lines' }).filter(
        ([key]) =>
          content.modelMetadata === true ||
          (content.modelMetadata !== false && content.modelMetadata.includes(key)),
      ),
    ),
  };
  const models = [
    model(
      [
        ...tensors,
        tensorOf('scalar', first.dtype, bytesOf(first.dtype, []) * 8 === 4 ? [2] : []),
        tensorOf('empty', first.dtype, [0, 3]),
      ],
      rest,
    ),
    ...(content.models === 'many' ? [model([tensorOf('w', first.dtype, [4])], { name: 'second' })] : []),
  ];
  const namespaces = content.metadata === 'all' ? ['alpha', 'beta'] : content.metadata;
  const value: Json = { list: [1, 2.5, null, true], text: 'é', nested: { __proto__key: 'x' } };
  return archive('test', {
    models,
    resources: content.resources
      ? [
          resourceOf('a/config.json', '{"a": 1}', 'config', 'application/json'),
          resourceOf('model.py', 'print(1)\n', 'code', 'text/x-python'),
          resourceOf('empty.bin', '', 'data'),
        ]
      : [],
    metadata: Object.fromEntries(namespaces.map((namespace) => [namespace, value])),
  });
}

/** What an archive holds, as plain values with digests: two archives are equal where these are. */
export async function snapshot(whole: Archive, context: Context): Promise<object> {
  const sum = async ({ data }: Tensor | Resource): Promise<string> => {
    const [found] = await digest([data], { ...context, sha256: true, progress: () => undefined });
    return found!.sha256!;
  };
  const byName = <T extends { name?: string; path?: string }>(values: Iterable<T>): T[] =>
    [...values].sort((a, b) => ((a.name ?? a.path)! < (b.name ?? b.path)! ? -1 : 1));
  const models: object[] = [];
  for (const { name, tensors, aliases, metadata } of byName(whole.models.values())) {
    const described: object[] = [];
    for (const tensor of byName(tensors.values())) {
      const { dtype, shape } = tensor;
      described.push({ name: tensor.name, dtype, shape: [...shape], sha256: await sum(tensor) });
    }
    models.push({ name, tensors: described, aliases: [...aliases].sort(), metadata: { ...metadata } });
  }
  const resources: object[] = [];
  for (const resource of byName(whole.resources.values())) {
    const { path, role, mediaType } = resource;
    resources.push({ path, role, mediaType, sha256: await sum(resource) });
  }
  return { models, resources, metadata: JSON.parse(JSON.stringify(whole.metadata)) };
}
