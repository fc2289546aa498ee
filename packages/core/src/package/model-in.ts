import type { ByteSource } from '@torsh/bytes';
import { type Model, model } from '../archive.ts';
import type { Context } from '../format.ts';
import { applyDeclarations, parseDeclarations, readSafetensors } from '../safetensors/index.ts';

/** The model in the bytes of a safetensors file, which is checked as any such file is. */
export async function modelIn(
  source: ByteSource,
  name: string,
  path: string,
  { limits, signal }: Context,
): Promise<Model> {
  const { header, tensors } = await readSafetensors(source, { limits, signal, path });
  const { declarations, rest } = parseDeclarations(header.metadata, limits);
  const declared = applyDeclarations(tensors, declarations);
  return model(declared.values(), { name, aliases: declarations.aliases, metadata: rest });
}
