import { readdirSync, readFileSync } from 'node:fs';
import { fromBytes, fromFiles, toFiles, webPlatform } from '@torsh/bytes';
import { type Archive, type Context, createContext, type Format, type Issue } from '@torsh/core';
import { onnx } from '../src/index.ts';

export type Files = ReadonlyMap<string, Uint8Array>;

const root = new URL('../../../fixtures/onnx/', import.meta.url);

/** What formats are lent; issues go into the list. */
export function lent(issues: Issue[] = []): Context {
  return createContext({ formats: [], platform: webPlatform, report: (issue) => issues.push(issue) });
}

/** The model of a fixture, and the files beside it where it has a folder of its own. */
export function fixture(name: string): { readonly entry: string; readonly files: Files } {
  if (name.endsWith('.onnx')) return { entry: name, files: filesIn(root, [name]) };
  const folder = new URL(`${name}/`, root);
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.pathname.length).replace(/^\//, ''));
  return { entry: 'model.onnx', files: filesIn(folder, paths) };
}

/** The names of all fixtures. */
export const fixtureNames: readonly string[] = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() || entry.name.endsWith('.onnx'))
  .map(({ name }) => name)
  .sort();

function filesIn(folder: URL, paths: readonly string[]): Files {
  return new Map(paths.map((path) => [path, new Uint8Array(readFileSync(new URL(path, folder)))]));
}

export function opened(format: Format, files: Files, entry: string, context = lent()): Promise<Archive> {
  const sources = new Map([...files].map(([path, bytes]) => [path, fromBytes(bytes)]));
  return format.reader!.open({ files: fromFiles(sources), entry }, context);
}

export async function openFixture(name: string): Promise<Archive> {
  const { entry, files } = fixture(name);
  return opened(onnx(), files, entry);
}

export async function written(format: Format, archive: Archive, name: string): Promise<Files> {
  const output = toFiles();
  await format.writer!.write(archive, output, name, lent());
  await output.close();
  return output.files();
}

/** The archive with some of its tensors replaced. */
export function changed(archive: Archive, change: (name: string) => object | undefined): Archive {
  const models = [...archive.models.values()].map((model) => ({
    ...model,
    tensors: new Map([...model.tensors].map(([name, tensor]) => [name, { ...tensor, ...change(name) }])),
  }));
  return { ...archive, models: new Map(models.map((model) => [model.name, model])) };
}
