import type { ByteSink } from '@torsh/bytes';
import type { Archive, JsonObject } from '../archive.ts';
import { RequestError } from '../request.ts';
import type { Compression } from '../torsh/write.ts';
import type { ResourceContent } from './content.ts';
import type { PackageMetadata } from './description.ts';
import { draftOf, type Placing } from './draft.ts';
import { checkCompression } from './exporter.ts';
import type { ModelInput } from './model-input.ts';
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
  addModel(name: string, model: ModelInput): PackageUpdater;
  /** Puts another model in the place of one that is there. */
  updateModel(name: string, model: ModelInput): PackageUpdater;
  removeModel(name: string): PackageUpdater;
  addResource(path: string, type: ResourceType, content: ResourceContent): PackageUpdater;
  updateResource(path: string, type: ResourceType, content: ResourceContent): PackageUpdater;
  removeResource(path: string): PackageUpdater;
  /** Changes what the package says of itself; `null` takes it away. */
  set(changes: { readonly [Key in keyof PackageMetadata]: PackageMetadata[Key] | null }): PackageUpdater;
  setDependencies(dependencies: JsonObject | null): PackageUpdater;
  /** Makes the version larger; `name` is that of a pre-release. */
  incrementVersion(by: VersionIncrement, name?: string): PackageUpdater;
  /** The version as it is now. */
  readonly version: string | undefined;
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
  const put =
    (placing: Placing) =>
    (name: string, model: ModelInput): PackageUpdater => {
      draft.putModel(name, model, placing);
      return updater;
    };
  const putFile =
    (placing: Placing) =>
    (path: string, type: ResourceType, content: ResourceContent): PackageUpdater => {
      draft.putResource(path, type, content, placing);
      return updater;
    };
  const version = (): string | undefined => {
    const { version: found } = draft.description;
    return typeof found === 'string' ? found : undefined;
  };
  const updater: PackageUpdater = {
    addModel: put('new'),
    updateModel: put('replace'),
    removeModel(name) {
      draft.dropModel(name);
      return updater;
    },
    addResource: putFile('new'),
    updateResource: putFile('replace'),
    removeResource(path) {
      draft.dropResource(path);
      return updater;
    },
    set(changes) {
      draft.describe(changes);
      return updater;
    },
    setDependencies(dependencies) {
      draft.describe({ dependencies });
      return updater;
    },
    incrementVersion(by, name) {
      const now = version();
      if (now === undefined)
        throw new RequestError('The package has no version to increment; set one first.');
      draft.describe({ version: formatVersion(incrementVersion(parseVersion(now), by, name)) });
      return updater;
    },
    get version() {
      return version();
    },
    archive: (options) => draft.build(contextOf(options)),
    async saveTo(sink, options) {
      const context = contextOf(options);
      try {
        return await writePackage(await draft.build(context), sink, context, { compression });
      } catch (error) {
        await sink.abort(error).catch(() => undefined);
        throw error;
      }
    },
  };
  return updater;
}
