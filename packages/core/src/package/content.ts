import { type ByteSource, blocks, defaultLimits, fromBytes, readAll, TorshError } from '@torsh/bytes';
import type { Json } from '../archive.ts';
import type { Context } from '../format.ts';
import { RequestError } from '../request.ts';
import { encodeJson, parseJson } from '../torsh/json.ts';
import { jsonFlaw } from './json-flaw.ts';

/** The content of a resource: text, bytes, a source whose bytes are read when they are written, or a value of JSON. */
export type ResourceContent =
  | string
  | Uint8Array
  | ByteSource
  | { readonly [key: string]: Json }
  | readonly Json[];

/** Content as a source, and what must be found out about it before it is written. */
export interface Checked {
  readonly data: ByteSource;
  /** Absent where everything is known already. */
  readonly check?: ((context: Context) => Promise<void>) | undefined;
}

/** Content as bytes. What is at hand is checked at once; what must be read is checked before anything is written. */
export function checkedContent(
  content: ResourceContent,
  path: string,
  holds: 'bytes' | 'text' | 'json',
): Checked {
  if (isSource(content)) {
    if (holds === 'bytes') return { data: content };
    const check = holds === 'json' ? checkJson : checkText;
    return { data: content, check: (context) => check(content, path, context) };
  }
  const bytes =
    typeof content === 'string'
      ? new TextEncoder().encode(content)
      : content instanceof Uint8Array
        ? content
        : encodeJson(jsonOf(content, path, holds), path, defaultLimits);
  if (holds === 'json') parseJson(bytes, path, defaultLimits);
  if (holds === 'text') decoder(path)(bytes, false);
  return { data: fromBytes(bytes) };
}

function isSource(content: ResourceContent): content is ByteSource {
  return (
    typeof content === 'object' && content !== null && 'read' in content && typeof content.read === 'function'
  );
}

function jsonOf(content: Json, path: string, holds: string): Json {
  if (typeof content !== 'object' || content === null)
    throw new RequestError(`${path} has no content: give text, bytes, a source, or a value of JSON.`);
  if (holds !== 'json') throw new RequestError(`${path} is given as an object, but it is no JSON.`);
  const flaw = jsonFlaw(content, defaultLimits);
  if (flaw !== undefined) throw new RequestError(`${path} cannot be written as JSON: ${flaw}.`);
  return content;
}

async function checkJson(source: ByteSource, path: string, { limits, signal }: Context): Promise<void> {
  parseJson(await readAll(source, limits.headerBytes, { signal }), path, limits);
}

async function checkText(source: ByteSource, path: string, { signal }: Context): Promise<void> {
  const decode = decoder(path);
  for await (const bytes of blocks(source, signal)) decode(bytes, true);
  decode(new Uint8Array(0), false);
}

/** Throws for bytes that are not UTF-8, piece by piece. */
function decoder(path: string): (bytes: Uint8Array, stream: boolean) => void {
  const decode = new TextDecoder('utf-8', { fatal: true });
  return (bytes, stream) => {
    try {
      decode.decode(bytes, { stream });
    } catch (cause) {
      const message = `${path} is not UTF-8. Convert it, or add it as Binary.`;
      throw new TorshError('malformed', message, { path, cause });
    }
  };
}
