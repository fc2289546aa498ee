import type { Issue, Package } from '@torsh/core';
import type { Colours } from './colour.ts';
import { countOf, formatBytes } from './number.ts';
import { formatJson, printable } from './text.ts';

/** The one document of the commands that make or change a package. */
export function packageJson(path: string, found: Package, issues: readonly Issue[]): string {
  const { name, version, dependencies, models, resources, size } = found;
  return formatJson({
    path,
    name: name ?? null,
    version: version ?? null,
    bytes: size,
    models,
    resources,
    dependencies,
    issues,
  });
}

/** One line that says what a package is now. */
export function packageSummary(
  verb: string,
  path: string,
  { name, version, models, resources, size }: Package,
  { green, bold }: Colours,
): string {
  const title = [name ?? 'a package without a name', version].filter((each) => each !== undefined).join(' ');
  const content = `${countOf(models.length, 'model')}, ${countOf(resources.length, 'file')}, ${formatBytes(size)}`;
  return `${green(verb)} ${bold(printable(path))}: ${printable(title)}, ${content}\n`;
}
