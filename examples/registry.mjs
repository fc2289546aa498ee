// A registry needs no server program: a folder of packages with an index, on a disk or behind any file server. Who
// publishes adds a package and its digest to the index; who installs asks for a name and versions.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { join } from 'node:path';
import { blocks, fromUrl } from '@torsh/bytes';
import { compareVersions, parseVersion, satisfies } from '@torsh/core';
import { openFile, toFile } from '@torsh/node';
import { inspectPackage, packageExporter } from '@torsh/package';
import { serve } from './file-server.mjs';
import { runAsScript } from './script.mjs';

/**
 * @typedef {{ file: string, bytes: number, sha256: string }} Published
 * @typedef {{ [name: string]: { [version: string]: Published } }} Index
 */

/**
 * @param {import('@torsh/bytes').ByteSource} source
 * @param {(bytes: Uint8Array) => Promise<void>} [take]
 */
async function sha256(source, take = async () => {}) {
  const hash = createHash('sha256');
  for await (const bytes of blocks(source)) {
    hash.update(bytes);
    await take(bytes);
  }
  return hash.digest('hex');
}

/**
 * Puts a package into a registry. The index is replaced in one step, after the package is there.
 *
 * @param {string} registry
 * @param {string} path
 */
export async function publish(registry, path) {
  const { manifest, size } = await inspectPackage(path);
  const { name, version } = manifest;
  if (typeof name !== 'string' || typeof version !== 'string')
    throw new Error(`${path} says no name or no version`);
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) throw new Error(`${name} cannot be the name of a file`);
  const indexPath = join(registry, 'index.json');
  /** @type {Index} */
  const index = fs.existsSync(indexPath) ? JSON.parse(fs.readFileSync(indexPath, 'utf8')) : {};
  if (index[name]?.[version] !== undefined) throw new Error(`${name} ${version} is published already`);
  const file = `${name}-${version}.torsh`;
  fs.copyFileSync(path, join(registry, file), fs.constants.COPYFILE_EXCL);
  const opened = await openFile(join(registry, file));
  const published = { file, bytes: size, sha256: await sha256(opened) };
  await opened.close();
  const next = { ...index, [name]: { ...index[name], [version]: published } };
  const sink = await toFile(indexPath, { force: true });
  await sink.write(new TextEncoder().encode(`${JSON.stringify(next, null, 2)}\n`));
  await sink.close();
}

/**
 * Fetches the newest version that satisfies a requirement, and compares it with the index.
 *
 * @param {string} registry the address of the registry, with a slash at its end
 * @param {string} name
 * @param {string} requirement
 * @param {string} folder
 */
export async function install(registry, name, requirement, folder) {
  const listed = await fromUrl(new URL('index.json', registry));
  /** @type {Index} */
  const index = JSON.parse(new TextDecoder().decode(await listed.read(0, listed.size)));
  const versions = Object.keys(index[name] ?? {}).filter((version) => satisfies(version, requirement));
  const [newest] = versions.sort((a, b) => compareVersions(parseVersion(b), parseVersion(a)));
  const published = newest === undefined ? undefined : index[name]?.[newest];
  if (newest === undefined || published === undefined)
    throw new Error(`no version of ${name} is ${requirement}`);
  const target = join(folder, `${name}-${newest}.torsh`);
  const sink = await toFile(target, { force: true });
  const found = await sha256(await fromUrl(new URL(published.file, registry)), (bytes) => sink.write(bytes));
  if (found !== published.sha256) {
    await sink.abort();
    throw new Error(`${published.file} is not what was published`);
  }
  await sink.close();
  return target;
}

/** @param {string} folder */
export async function registry(folder) {
  const [shelf, local] = [join(folder, 'registry'), join(folder, 'installed')];
  for (const each of [shelf, local]) fs.mkdirSync(each, { recursive: true });
  for (const version of ['1.0.0', '1.1.0', '2.0.0-rc.1']) {
    const path = join(folder, 'made.torsh');
    await packageExporter({ metadata: { name: 'net', version } })
      .addModel('net', { w: Float32Array.of(version.length) })
      .exportToFile(path, { force: true });
    await publish(shelf, path);
  }
  const server = await serve(shelf);
  try {
    const path = await install(server.address, 'net', '^1.0.0', local);
    console.log(`installed net ${(await inspectPackage(path)).manifest.version}`);
  } finally {
    await server.close();
  }
}

await runAsScript(import.meta.url, registry);
