import { TorshError } from '@torsh/bytes';
import { type Archive, archive, type Context, entrySource, type Input } from '@torsh/core';
import { checkGrowth } from '../object/growth.ts';
import { TORCH } from '../object/namespace.ts';
import { reporter } from '../object/report.ts';
import { reportContainer } from '../zip/report.ts';
import { archiveFacts, archivePrograms } from './archive-layout.ts';
import { flatFacts, flatProgram } from './flat-layout.ts';
import { openLayout } from './layout.ts';
import type { Opening } from './opening.ts';
import { assemblePrograms } from './programs.ts';
import { resourcesOf } from './resources.ts';

/** Opens an exported program: directory, configs and nested pickles are read, tensors are windows on their records. */
export async function read(input: Input, context: Context): Promise<Archive> {
  const source = await entrySource(input, context);
  if (source === undefined)
    throw new TorshError('unsupported', 'An archive of torch.export is a file, not a folder.');
  const { layout, container } = await openLayout(source, context);
  const report = reporter(context);
  reportContainer(container, report);
  const rest = { container, context, report, fileBytes: source.size };
  const opening: Opening = { ...rest, used: new Set(), found: [] };
  const facts = layout === 'flat' ? await flatFacts(opening) : await archiveFacts(opening);
  const parts =
    layout === 'flat'
      ? [await flatProgram(opening)]
      : await archivePrograms(opening, facts.byteorder === 'big');
  const { models, programs, plain } = await assemblePrograms(opening, parts);
  checkGrowth(opening, source.size, context);
  return archive('torch-export', {
    models,
    resources: await resourcesOf(opening),
    metadata: { [TORCH]: { kind: 'torch.export', layout, ...facts, programs } },
    incidental: plain ? [TORCH] : [],
  });
}
