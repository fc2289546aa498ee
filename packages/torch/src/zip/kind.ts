import type { Container } from './container.ts';

/** The formats that share PyTorch's ZIP container. */
export type Kind = 'checkpoint' | 'torchscript' | 'package' | 'export';

/**
 * Which of them a container is, told by the records that only one of them has; `undefined` for a stranger. Where a file
 * has the marks of several, the one that torch itself looks for first counts, so that a file is never of two formats.
 */
export function kindOf({ has }: Container): Kind | undefined {
  if (has('constants.pkl')) return 'torchscript';
  if (has('.data/extern_modules')) return 'package';
  if (has('archive_format')) return 'export';
  if (has('data.pkl')) return 'checkpoint';
  // Others call something model.json, too; the version is in every file of torch.
  return has('model.json') && has('version') ? 'torchscript' : undefined;
}
