// Exports packages for test_package_export.py: scenarios as JSON on standard input, what came of them on standard output.
// Build the packages first: `npx turbo run build --filter=@torsh/torch`.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { defaultLimits, fromBytes, fromFiles, toBytes, webPlatform } from '../packages/bytes/dist/index.js';
import {
  findFirstUseOfBrokenModules,
  openPackage,
  PackageExporter,
  pyDict,
  pyFloat,
  pyGlobal,
  pyObject,
  pyStorage,
  pyTensor,
  pyTuple,
  pyValue,
  sourceRoots,
} from '../packages/torch/dist/index.js';

const platform = webPlatform;

const tree = (files) =>
  fromFiles(
    new Map(Object.entries(files).map(([path, text]) => [path, fromBytes(new TextEncoder().encode(text))])),
  );

/** A value as the scenarios spell it; storages have names there, so that tensors can share them. */
function pickled(spec, storages) {
  const inner = (each) => pickled(each, storages);
  if (Array.isArray(spec)) return pyValue(spec.map(inner));
  if (typeof spec !== 'object' || spec === null) return pyValue(spec);
  const [kind] = Object.keys(spec);
  switch (kind) {
    case 'float':
      return pyFloat(spec.float);
    case 'int':
      return BigInt(spec.int);
    case 'tuple':
      return pyTuple(...spec.tuple.map(inner));
    case 'set':
      return pyValue(new Set(spec.set));
    case 'dict':
      return pyDict(spec.dict.map(([key, value]) => [inner(key), inner(value)]));
    case 'bytes':
      return new TextEncoder().encode(spec.bytes);
    case 'class':
      return pyGlobal(...spec.class);
    case 'object':
      return pyObject(
        ...spec.object,
        pyDict(Object.entries(spec.state).map(([key, value]) => [key, inner(value)])),
      );
    case 'tensor': {
      const { tensor: numbers, shape, stride, offset, on } = spec;
      const storage = storages.get(on) ?? pyStorage(Float32Array.from(numbers));
      if (on !== undefined) storages.set(on, storage);
      return pyTensor(storage, { shape, stride, offset });
    }
    default:
      throw new Error(`a scenario has the value ${JSON.stringify(spec)}`);
  }
}

const told = (error) => ({ name: error.name, code: error.code, message: error.message });

async function exported({ out, sources, ops, packages = [], debug = false, ...options }) {
  const opened = [];
  for (const path of packages)
    opened.push(await openPackage(fromBytes(readFileSync(path)), { platform, name: path }));
  const sink = toBytes();
  const importers = [...opened, sourceRoots([tree(sources)], defaultLimits)];
  const folder = basename(out).replace(/\.[^.]*$/, '');
  const exporter = new PackageExporter(sink, { platform, importers, debug, folder, ...options });
  const [storages, handles, hooked, answers] = [new Map(), new Map(), [], []];
  const hook = (id) => (given, module) => {
    hooked.push([id, module]);
    if (id.startsWith('note-')) return given.saveText('hooked', `${id}-${module}.txt`, module);
  };
  const does = {
    intern: (include, more) => exporter.intern(include, more),
    extern: (include, more) => exporter.extern(include, more),
    mock: (include, more) => exporter.mock(include, more),
    deny: (include, more) => exporter.deny(include, more),
    module: (module, more) => exporter.saveModule(module, more),
    string: (module, text, more) => exporter.saveSourceString(module, text, more),
    file: (module, path) => exporter.saveSourceFile(module, tree(sources), path),
    text: (...given) => exporter.saveText(...given),
    binary: (inside, resource, text) => exporter.saveBinary(inside, resource, new TextEncoder().encode(text)),
    pickle: (inside, resource, spec, more) =>
      exporter.savePickle(inside, resource, pickled(spec, storages), more),
    async again(inside, resource, from, [name, at], more) {
      const { value } = await opened[from].loadPickle(name, at);
      return exporter.savePickle(inside, resource, value, { ...more, from: opened[from] });
    },
    need: (module) => exporter.addDependency(module),
    hook: (kind, id) =>
      handles.set(id, exporter[`register${kind[0].toUpperCase()}${kind.slice(1)}Hook`](hook(id))),
    unhook: (id) => handles.get(id).remove(),
    id: () => exporter.getUniqueId(),
  };
  for (const [what, ...given] of ops) {
    try {
      const answer = await does[what](...given);
      answers.push(what === 'id' ? answer : null);
    } catch (error) {
      answers.push(told(error));
    }
  }
  const names = [...exporter.dependencyGraph.nodes.keys()];
  const result = {
    answers,
    dot: exporter.dependencyGraphString(),
    rdeps: Object.fromEntries(names.map((name) => [name, exporter.getRdeps(name)])),
    externed: exporter.externedModules(),
    interned: exporter.internedModules(),
    mocked: exporter.mockedModules(),
    denied: exporter.deniedModules(),
  };
  try {
    await exporter.close();
    writeFileSync(out, sink.bytes());
  } catch (error) {
    result.error = told(error);
    if (error.name === 'PackagingError')
      result.firstUses = Object.fromEntries(findFirstUseOfBrokenModules(error));
  }
  result.hooked = hooked;
  return result;
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const results = [];
for (const scenario of JSON.parse(Buffer.concat(chunks).toString('utf8')))
  results.push(await exported(scenario));
process.stdout.write(JSON.stringify(results));
