// Lets another language ask this library about Python: one JSON request a line in, one JSON answer a line out.
// Build the packages first: `npx turbo run build --filter=@torsh/torch`.
import { createInterface } from 'node:readline';
import { defaultLimits, fromBytes, fromFiles, webPlatform } from '../packages/bytes/dist/index.js';
import {
  allPaths,
  decodeSource,
  digraph,
  firstPath,
  globGroup,
  imports,
  standardLibrary,
  toDot,
  wholeLines,
} from '../packages/python/dist/index.js';
import { openPackage, packageDependencies } from '../packages/torch/dist/index.js';

const decode = (text) => new Uint8Array(Buffer.from(text, 'base64'));

const operations = {
  imports({ sources }) {
    return sources.map(({ source, module, isPackage }) => {
      const { references, failure } = imports(source, { module, isPackage }, defaultLimits);
      return failure === undefined
        ? { references: references.map(({ module, name }) => [module, name ?? null]) }
        : { failure: failure.message };
    });
  },
  sources({ files }) {
    return files.map((file) => wholeLines(decodeSource(decode(file))));
  },
  library({ version }) {
    const { names, modules } = standardLibrary(version);
    return { names: [...names], modules: [...modules] };
  },
  globs({ groups }) {
    return groups.map(({ include, exclude, separator, candidates }) => {
      try {
        const group = globGroup(include, { exclude, separator });
        return candidates.map((candidate) => group.matches(candidate));
      } catch (error) {
        return error.message;
      }
    });
  },
  graph({ edges, paths, first }) {
    const graph = digraph();
    for (const [from, to] of edges) graph.addEdge(from, to);
    return {
      dot: toDot(graph),
      predecessors: Object.fromEntries(
        [...graph.nodes.keys()].map((name) => [name, graph.predecessors(name)]),
      ),
      paths: paths.map(([from, to]) => toDot(allPaths(graph, from, to))),
      first: first.map((to) => firstPath(graph, to)),
    };
  },
  async dependencies({ file }) {
    const files = fromFiles(new Map([['x.pt', fromBytes(decode(file))]]));
    const importer = await openPackage({ files, entry: 'x.pt' }, { platform: webPlatform });
    const { graph, missing } = await packageDependencies(importer);
    const actions = Object.fromEntries(Array.from(graph.nodes, ([name, node]) => [name, node.action]));
    return { dot: toDot(graph), actions, missing };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = await operations[request.op](request);
  } catch (error) {
    answer = { error: String(error.stack ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
