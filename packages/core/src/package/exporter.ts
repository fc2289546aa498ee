import type { ByteSink } from '@torsh/bytes';
import type { Archive } from '../archive.ts';
import type { Context } from '../format.ts';
import { RequestError } from '../request.ts';
import type { Compression } from '../torsh/write.ts';
import type { ResourceContent } from './content.ts';
import type { Dependencies, DependencyForm } from './dependencies/index.ts';
import type { PackageMetadata } from './description.ts';
import { draftOf } from './draft.ts';
import type { ModelInput } from './model-input.ts';
import { formIn } from './needs.ts';
import { contextOf, type PackageOptions } from './options.ts';
import type { ResourceType } from './resource-type.ts';
import { type Written, writePackage } from './write.ts';

/** What goes into a package, and in what form. */
export interface ExportConfig {
  /** Files of the types Python and Code; with them unless told otherwise. */
  readonly includeCode?: boolean | undefined;
  /** Models; with them unless told otherwise. */
  readonly includeWeights?: boolean | undefined;
  /** For code and resources, each where it makes them smaller. Weights are always stored. */
  readonly compression?: Compression | undefined;
  readonly metadata?: PackageMetadata | undefined;
}

/** Collects what a package is made of. Nothing is read or written before the export, except what is checked at once. */
export interface PackageExporter {
  /** Adds a model: tensors by name, a model of another archive, or an archive that has one. */
  addModel(name: string, model: ModelInput): this;
  /** Adds a file. A `Model` is a safetensors file and becomes a model of the name before its ending. */
  addResource(path: string, type: ResourceType, content: ResourceContent): this;
  /** Says what the package needs; what is wrong in it is told at once. */
  setDependencies(dependencies: Dependencies | DependencyForm): this;
  /** What would be written, as an archive. */
  archive(options: PackageOptions): Promise<Archive>;
  /** Writes the package and ends the sink. All that was not checked yet is checked before the first byte. */
  exportTo(sink: ByteSink, options: PackageOptions): Promise<Written>;
}

/** Begins a package. */
export function packageExporter(config: ExportConfig = {}): PackageExporter {
  const { includeCode = true, includeWeights = true, compression = 'none', metadata = {} } = config;
  checkCompression(compression);
  const draft = draftOf();
  draft.describe(metadata);

  const build = async (context: Context): Promise<Archive> => {
    const whole = await draft.build(context);
    const code = [...whole.resources.values()].filter(({ role }) => role === 'code');
    const note = (what: string): void =>
      context.report({ severity: 'note', code: 'left-out', message: `${what} by choice.` });
    if (!includeCode && code.length > 0) note(`${code.length} files of code are left out`);
    if (!includeWeights && whole.models.size > 0)
      note(`The models ${[...whole.models.keys()].join(', ')} are left out`);
    return {
      ...whole,
      models: includeWeights ? whole.models : new Map(),
      resources: includeCode
        ? whole.resources
        : new Map([...whole.resources].filter(([, { role }]) => role !== 'code')),
    };
  };
  return {
    addModel(name, model) {
      draft.putModel(name, model, 'new');
      return this;
    },
    addResource(path, type, content) {
      draft.putResource(path, type, content, 'new');
      return this;
    },
    setDependencies(dependencies) {
      draft.describe({ dependencies: formIn(dependencies) });
      return this;
    },
    archive: (options) => build(contextOf(options)),
    exportTo: (sink, options) => writePackage(build, sink, contextOf(options), { compression }),
  };
}

/** Says why other methods are not there: docs/decisions/0014-stored-or-deflate.md. */
export function checkCompression(compression: string): void {
  if (compression === 'none' || compression === 'deflate') return;
  const hint =
    compression === 'gzip' ? ' gzip is deflate in a wrapper that a ZIP does not need: say "deflate".' : '';
  throw new RequestError(
    `There is no compression ${JSON.stringify(compression)} in .torsh 1.0, only "none" and "deflate".${hint}`,
  );
}
