// Makes dist/: the program with all of torsh's packages in few files, and those that its threads run. Node takes half a
// millisecond and more for each module that it loads, so hundreds of small ones would cost more than converting a small model.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const entries = {
  main: 'src/main.ts',
  // Threads are started from a file of this name beside the code that starts them.
  'transfer-worker': 'node_modules/@torsh/node/src/transfer-worker.js',
  'svg-worker': 'src/render/svg-worker.js',
};

for (const [name, path] of Object.entries(entries)) {
  await build({
    configFile: false,
    root: here('.'),
    logLevel: 'warn',
    // Sources of the workspace, not their builds: the same condition that tests and type checks use.
    resolve: { conditions: ['@torsh/source'] },
    // Graphviz is a dependency: larger than all the rest, needed by few, and under a licence of its own (decision 0016).
    // So is the reader of YAML, which only recipes need.
    ssr: {
      target: 'node',
      noExternal: true,
      external: ['@viz-js/viz', 'yaml'],
      resolve: { conditions: ['@torsh/source'] },
    },
    build: {
      ssr: true,
      target: 'node20',
      outDir: here('dist'),
      emptyOutDir: name === 'main',
      rolldownOptions: {
        input: { [name]: here(path) },
        output: {
          entryFileNames: '[name].js',
          // What only one command needs waits in a file of its own, beside the rest: threads are looked for there.
          chunkFileNames: '[name]-[hash].js',
          // Comments and indentation are a third of the text that Node parses at each start; names stay, for readable
          // stacks.
          minify: { compress: false, mangle: false },
        },
      },
    },
  });
}
