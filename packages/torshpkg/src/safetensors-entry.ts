import { type ByteSource, concat, defaultLimits, fromBytes, isTorshError } from '@torsh/bytes';
import {
  applyDeclarations,
  type Context,
  formatDeclarations,
  formatHeader,
  type Model,
  model,
  parseDeclarations,
  parseHeader,
  readSafetensors,
  storedAs,
} from '@torsh/core';

/** A model that was found in an entry. */
export interface FoundModel {
  readonly model: Model;
  /** The JSON text of its header, where it is not the canonical one. */
  readonly header?: string | undefined;
}

/** The model in a safetensors file; `undefined`, with a note, where it is none. */
export async function readModel(
  name: string,
  source: ByteSource,
  path: string,
  declared: boolean,
  context: Context,
): Promise<FoundModel | undefined> {
  const { limits, signal } = context;
  try {
    const { header, headerBytes, tensors } = await readSafetensors(source, { limits, signal, path });
    const bytes = await source.read(0, headerBytes, { signal });
    const canonical = formatHeader(header.tensors, header.metadata).bytes;
    const same = canonical.length === bytes.length && canonical.every((byte, index) => byte === bytes[index]);
    if (!declared) {
      const found = model(tensors.values(), { name, metadata: header.metadata });
      return { model: found, header: same ? undefined : new TextDecoder().decode(bytes.subarray(8)) };
    }
    const { declarations, rest } = parseDeclarations(header.metadata, limits);
    const applied = applyDeclarations(tensors, declarations);
    return { model: model(applied.values(), { name, aliases: declarations.aliases, metadata: rest }) };
  } catch (error) {
    if (!isTorshError(error, 'malformed', 'truncated')) throw error;
    const message = `${path} is called a safetensors file and is none, so it stays a file: ${error.message}`;
    context.report({ severity: 'note', code: 'model', message, subject: path });
    return undefined;
  }
}

/** The safetensors file of a model, with the header that it had if that still fits, else with the canonical one. */
export function fileOf(whole: Model, kept?: string): ByteSource {
  const { tensors, aliases, metadata } = whole;
  const all = [...tensors.values()];
  const stored = all.map(({ name, dtype, shape, data }) => ({ name, ...storedAs(dtype, shape), data }));
  const before = kept === undefined ? undefined : keptFile(whole, new TextEncoder().encode(kept));
  if (before !== undefined) return before;
  const header = formatHeader(stored, { ...metadata, ...formatDeclarations(all, aliases) });
  return concat([fromBytes(header.bytes), ...header.tensors.map(({ source }) => source.data)]);
}

function keptFile({ tensors, metadata }: Model, json: Uint8Array): ByteSource | undefined {
  const bytes = [...tensors.values()].reduce((sum, { data }) => sum + data.size, 0);
  try {
    const header = parseHeader(json, bytes, { limits: defaultLimits });
    const inOrder = [...header.tensors]
      .sort((a, b) => a.begin - b.begin)
      .map((info) => {
        const tensor = tensors.get(info.name);
        const same = tensor?.dtype === info.dtype && tensor.shape.join() === info.shape.join();
        return same ? tensor.data : undefined;
      });
    const fits = inOrder.length === tensors.size && inOrder.every((data) => data !== undefined);
    if (!fits || JSON.stringify(header.metadata) !== JSON.stringify(metadata)) return undefined;
    const length = new Uint8Array(8);
    new DataView(length.buffer).setBigUint64(0, BigInt(json.length), true);
    return concat([fromBytes(length), fromBytes(json), ...(inOrder as ByteSource[])]);
  } catch (error) {
    if (isTorshError(error)) return undefined;
    throw error;
  }
}
