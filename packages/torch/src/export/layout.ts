import { type ByteSource, TorshError } from '@torsh/bytes';
import type { Context } from '@torsh/core';
import { type Container, openContainer, openFlatContainer } from '../zip/container.ts';

/** The record that holds the program in the flat layout. */
export const FLAT_PROGRAM = 'serialized_exported_program.json';

/** How the file is laid out: PyTorch's container since 2.7, records at the top of a plain ZIP before. */
export interface Layout {
  readonly layout: 'archive' | 'flat';
  readonly container: Container;
}

/** Opens a file of torch.export in the layout that it has. */
export async function openLayout(source: ByteSource, context: Context): Promise<Layout> {
  const flat = await openFlatContainer(source, context);
  if (flat.has(FLAT_PROGRAM)) return { layout: 'flat', container: flat };
  const container = await openContainer(source, context);
  const format = await container.text('archive_format');
  if (format === 'pt2') return { layout: 'archive', container };
  const said = format === undefined ? 'is missing' : `says ${JSON.stringify(format.slice(0, 20))}, not "pt2"`;
  throw new TorshError(
    'malformed',
    `The record archive_format ${said}: this is no archive of torch.export.`,
    { path: 'archive_format' },
  );
}
