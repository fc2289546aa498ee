import { type ByteSink, isTorshError } from '@torsh/bytes';
import type { Archive, JsonObject } from '../archive.ts';
import { RequestError } from '../request.ts';
import type { Compression } from '../torsh/write.ts';
import type { ResourceContent } from './content.ts';
import type { Dependencies, DependencyForm } from './dependencies/index.ts';
import type { PackageMetadata } from './description.ts';
import { objectOf } from './description.ts';
import { draftOf } from './draft.ts';
import { checkCompression } from './exporter.ts';
import type { ModelInput } from './model-input.ts';
import { formIn } from './needs.ts';
import { contextOf, type PackageOptions } from './options.ts';
import type { Package } from './package.ts';
import type { ResourceType } from './resource-type.ts';
import { formatVersion, incrementVersion, parseVersion, type VersionIncrement } from './version/index.ts';
import { type Written, writePackage } from './write.ts';

/** How an update is made. */
export interface UpdateConfig {
  /** For code and resources that are added; what is there already is copied as it lies. */
  readonly compression?: Compression | undefined;
}

/** Collects changes of a package. Nothing is written before `saveTo`, and the package itself is never changed. */
export interface PackageUpdater {
  addModel(name: string, model: ModelInput): this;
  /** Puts another model in the place of one that is there. */
  updateModel(name: string, model: ModelInput): this;
  removeModel(name: string): this;
  addResource(path: string, type: ResourceType, content: ResourceContent): this;
  updateResource(path: string, type: ResourceType, content: ResourceContent): this;
  removeResource(path: string): this;
  /** Changes what the package says of itself; `null` takes it away. */
  set(changes: { readonly [Key in keyof PackageMetadata]: PackageMetadata[Key] | null }): this;
  setDependencies(dependencies: Dependencies | DependencyForm | null): this;
  /** Makes the version larger; `name` is that of a pre-release. */
  incrementVersion(by: VersionIncrement, name?: string): this;
  /** Whether there is such a model, or such a file, as it is now. */
  hasModel(name: string): boolean;
  hasResource(path: string): boolean;
  /** The dependencies, and what else the package says of itself, as they are now. */
  dependencies(): JsonObject;
  metadata(): JsonObject;
  /** The version as it is now. */
  version(): string | undefined;
  /** What would be written, as an archive. */
  archive(options: PackageOptions): Promise<Archive>;
  /** Writes the new package and ends the sink. Entries that did not change are copied, compressed ones too. */
  saveTo(sink: ByteSink, options: PackageOptions): Promise<Written>;
}

/** Begins an update of a package that is open; it must stay open until the update is saved. */
export async function packageUpdater(base: Package, config: UpdateConfig = {}): Promise<PackageUpdater> {
  const { compression = 'none' } = config;
  checkCompression(compression);
  const draft = draftOf(await base.archive());
  const version = (): string | undefined => {
    const { version: found } = draft.description;
    return typeof found === 'string' ? found : undefined;
  };
  const object = (key: string): JsonObject => objectOf(draft.description[key]);
  const updater: PackageUpdater = {
    addModel(name, model) {
      draft.putModel(name, model, 'new');
      return this;
    },
    updateModel(name, model) {
      draft.putModel(name, model, 'replace');
      return this;
    },
    removeModel(name) {
      draft.dropModel(name);
      return this;
    },
    addResource(path, type, content) {
      draft.putResource(path, type, content, 'new');
      return this;
    },
    updateResource(path, type, content) {
      draft.putResource(path, type, content, 'replace');
      return this;
    },
    removeResource(path) {
      draft.dropResource(path);
      return this;
    },
    set(changes) {
      draft.describe(changes);
      return this;
    },
    setDependencies(dependencies) {
      draft.describe({ dependencies: dependencies === null ? null : formIn(dependencies) });
      return this;
    },
    incrementVersion(by, name) {
      const now = version();
      if (now === undefined)
        throw new RequestError('The package has no version to increment; set one first.');
      const before = parseVersion(now);
      try {
        draft.describe({ version: formatVersion(incrementVersion(before, by, name)) });
      } catch (error) {
        throw isTorshError(error) ? new RequestError(error.message) : error;
      }
      return this;
    },
    hasModel: draft.hasModel,
    hasResource: draft.hasResource,
    dependencies: () => object('dependencies'),
    metadata: () => object('metadata'),
    version,
    archive: (options) => draft.build(contextOf(options)),
    saveTo: (sink, options) => writePackage(draft.build, sink, contextOf(options), { compression }),
  };
  return updater;
}
