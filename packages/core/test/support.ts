import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { type ByteSource, fromBytes, fromFiles, type Platform, toFiles, webPlatform } from '@torsh/bytes';
import {
  type Archive,
  archive,
  bytesOf,
  type Context,
  createContext,
  type DType,
  type Format,
  type Input,
  type Issue,
  model,
  type Resource,
  type ResourceRole,
  type Tensor,
  torsh,
} from '../src/index.ts';

/** The web's platform with a fast SHA-256: these tests hash tens of thousands of small files. */
export const platform: Platform = {
  ...webPlatform,
  sha256: () => {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') };
  },
};

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export function contextOf(formats: readonly Format[] = [], overrides: Partial<Context> = {}): Context {
  return { ...createContext({ formats, platform }), ...overrides };
}

export function inputOf(bytes: Uint8Array | string, entry = 'file'): Input {
  const data = typeof bytes === 'string' ? utf8(bytes) : bytes;
  return { files: fromFiles(new Map([[entry, fromBytes(data)]])), entry };
}

export function tensor(name: string, dtype: DType = 'F32', shape: readonly number[] = [2], seed = 1): Tensor {
  const bytes = Uint8Array.from({ length: bytesOf(dtype, shape) }, (_, index) => (seed + 7 * index) & 0xff);
  return { name, dtype, shape, data: fromBytes(bytes) };
}

export function resource(path: string, text: string, role: ResourceRole = 'other'): Resource {
  return { path, role, mediaType: 'text/plain', data: fromBytes(utf8(text)) };
}

/** A source that lies deflated somewhere, as in another ZIP. */
function deflated(text: string): ByteSource {
  const data = utf8(text);
  return { ...fromBytes(data), deflated: fromBytes(new Uint8Array(deflateRawSync(data))) };
}

/** A small archive with something of everything. */
export function smallArchive(): Archive {
  return archive('test', {
    models: [
      model([tensor('a.weight', 'F32', [2, 3]), tensor('c', 'C128', [1]), tensor('q', 'QU4X2', [3])], {
        aliases: new Map([['b.weight', 'a.weight']]),
        metadata: { format: 'pt' },
      }),
      model([tensor('w', 'U8', [5])], { name: 'second' }),
    ],
    resources: [
      resource('config.json', '{"a": 1}', 'config'),
      { ...resource('net.py', '', 'code'), data: deflated('x = 1\n'.repeat(30)) },
      { ...resource('none.txt', '', 'document'), data: deflated('') },
    ],
    metadata: {
      torch: { epoch: 3, nested: [1, { a: null }] },
      torsh: { name: 'tiny', x_later: { kept: [1] } },
    },
    incidental: ['torch'],
  });
}

/** The bytes of a .torsh file of this archive. */
export async function torshBytes(whole: Archive, context: Context = contextOf()): Promise<Uint8Array> {
  const output = toFiles();
  await torsh().writer!.write(whole, output, 'x.torsh', context);
  await output.close();
  return output.files().get('x.torsh')!;
}

export async function openTorsh(bytes: Uint8Array, context: Context = contextOf()): Promise<Archive> {
  return torsh().reader!.open(inputOf(bytes, 'x.torsh'), context);
}

/** A format that does nothing but what a test gives it. */
export function stub(id: string, parts: Partial<Format> = {}): Format {
  return { id, title: id.toUpperCase(), detect: async () => undefined, ...parts };
}

export function codes(issues: readonly Issue[]): string[] {
  return issues.map(({ severity, code }) => `${severity} ${code}`);
}
