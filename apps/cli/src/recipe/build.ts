import { type ByteSink, type ByteSource, fromBytes } from '@torsh/bytes';
import { DEFAULT_MODEL, type Issue, type Model, open } from '@torsh/core';
import { openPackage, PackageExporter, type PackageImporter, pyStateDict, sourceRoots } from '@torsh/torch';
import type { Lent } from '../lend.ts';
import { UsageError } from '../usage.ts';
import { type RecipeFiles, recipeFiles } from './files.ts';
import type { Place } from './place.ts';
import type { Recipe } from './recipe.ts';

/** Where a package that a recipe describes comes from and goes to. */
export interface BuildPlaces {
  /** The folder of the recipe. */
  readonly recipe: string;
  readonly sink: ByteSink;
  /** The folder in the package that everything lies in. */
  readonly folder: string;
}

/** Does all that a recipe says, and writes the package; gives the exporter, which knows what became of it. */
export async function buildPackage(
  recipe: Recipe,
  places: BuildPlaces,
  lent: Lent,
  report: (issue: Issue) => void,
): Promise<PackageExporter> {
  const files = recipeFiles(places.recipe, report);
  try {
    const exporter = await prepare(recipe, places, files, lent);
    for (const { module, from } of exporter.missingImports()) {
      const message = `${from} imports ${module}, which is in no root and no package, so it is left out. If it will be installed where the package is loaded, name it under "installed".`;
      report({ severity: 'note', code: 'missing-import', message, subject: module });
    }
    await exporter.close();
    return exporter;
  } finally {
    await files.close();
  }
}

async function prepare(
  recipe: Recipe,
  { sink, folder }: BuildPlaces,
  files: RecipeFiles,
  lent: Lent,
): Promise<PackageExporter> {
  const { limits, platform, signal } = lent.options;
  try {
    const packages = new Map<string, PackageImporter>();
    for (const { path, place } of recipe.packages) {
      const input = await files.file(path, place);
      packages.set(path, await openPackage(input, { platform, limits, signal, name: path }));
    }
    const roots = [];
    for (const { path, place } of recipe.roots) roots.push(await files.folder(path, place));
    const importers = [...packages.values(), sourceRoots(roots, limits)];
    const { installed, pythonVersion, debug } = recipe;
    const more = { installed, pythonVersion, debug, folder, limits, signal };
    const exporter = new PackageExporter(sink, {
      platform,
      importers,
      progress: (done) => lent.bar.update(done),
      ...more,
    });
    await save(exporter, recipe, { files, packages, lent });
    return exporter;
  } catch (error) {
    await sink.abort(error);
    throw error;
  }
}

interface Sources {
  readonly files: RecipeFiles;
  readonly packages: ReadonlyMap<string, PackageImporter>;
  readonly lent: Lent;
}

/** The sections in their order: what is given counts before it is needed. */
async function save(exporter: PackageExporter, recipe: Recipe, sources: Sources): Promise<void> {
  const { files, lent } = sources;
  for (const { kind, include, exclude, allowEmpty, place } of recipe.actions)
    await at(place, async () => exporter[kind](include, { exclude, allowEmpty }));
  for (const { module, content, isPackage, dependencies, place } of recipe.sources) {
    if ('text' in content) {
      await at(place, () => exporter.saveSourceString(module, content.text, { isPackage, dependencies }));
      continue;
    }
    const { tree, path } = await files.source(content.file, content.place);
    await at(place, () => exporter.saveSourceFile(module, tree, path, { dependencies }));
  }
  for (const { module, dependencies, place } of recipe.modules)
    await at(place, () => exporter.saveModule(module, { dependencies }));
  for (const { inPackage, resource, value, from, pickle, protocol, place } of recipe.pickles) {
    if (from === undefined) {
      await at(place, () => exporter.savePickle(inPackage, resource, value!, { protocol }));
      continue;
    }
    const importer = sources.packages.get(from);
    if (importer === undefined) throw place.wrong(`is from ${from}, which is not among "packages".`);
    const slash = pickle!.lastIndexOf('/');
    const [around, file] = [
      pickle!.slice(0, Math.max(slash, 0)).replaceAll('/', '.'),
      pickle!.slice(slash + 1),
    ];
    const loaded = await importer.loadPickle(around, file);
    await at(place, () =>
      exporter.savePickle(inPackage, resource, loaded.value, { protocol, from: importer }),
    );
  }
  for (const { inPackage, resource, file, model, protocol, place } of recipe.stateDicts) {
    const { models } = await open(await files.file(file, place), lent.options);
    const value = pyStateDict(modelNamed(model, models, file, place));
    await at(place, () => exporter.savePickle(inPackage, resource, value, { protocol }));
  }
  for (const { inPackage, resource, content, place } of recipe.resources) {
    const bytes: ByteSource =
      'text' in content
        ? fromBytes(new TextEncoder().encode(content.text))
        : await files.bytes(content.file, content.place);
    await at(place, () => exporter.saveBinary(inPackage, resource, bytes));
  }
}

function modelNamed(
  name: string | undefined,
  models: ReadonlyMap<string, Model>,
  file: string,
  place: Place,
): Model {
  const [only] = models.values();
  const found =
    name === undefined
      ? (models.get(DEFAULT_MODEL) ?? (models.size === 1 ? only : undefined))
      : models.get(name);
  if (found !== undefined) return found;
  const names = [...models.keys()].join(', ');
  throw place.wrong(
    name === undefined
      ? `must name one of the models in ${file}: ${names}.`
      : `names the model ${name}; ${file} has ${names}.`,
  );
}

/** A wrong argument is a mistake in the recipe, at this place. */
async function at<T>(place: Place, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TypeError && !(error instanceof UsageError))
      throw place.wrong(`does not work: ${error.message}`);
    throw error;
  }
}
