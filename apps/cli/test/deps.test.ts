import { fileURLToPath } from 'node:url';
import { defaultLimits, fromBytes, fromFiles, webPlatform } from '@torsh/bytes';
import { openPackage, packageDependencies } from '@torsh/torch';
import { expect, it } from 'vitest';
import { coloursFor } from '../src/render/colour.ts';
import { dependencyView, formatTroubles, renderDependencies } from '../src/render/dependencies.ts';
import { run } from '../src/run.ts';
import { recorded, testWorld } from './terminal.ts';

const net = fileURLToPath(new URL('../../../fixtures/torch-package/net.pt', import.meta.url));

it('draws the graph of a package', async () => {
  const world = testWorld({ cwd: '/' });
  expect(await run(['deps', net, '--paths', 'zoo.nets', 'math', '--svg'], world)).toBe(0);
  const drawn = world.stdout.text();
  expect(drawn).toMatch(/^<\?xml/);
  for (const name of ['zoo.nets', 'zoo.cages', 'math']) expect(drawn).toContain(`>${name}</text>`);
  expect(drawn).not.toContain('collections');
});

const opened = (texts: Readonly<Record<string, string>>) => {
  const encode = (text: string) => fromBytes(new TextEncoder().encode(text));
  const files = Object.entries({ '.data/extern_modules': '\n', version: '6\n', ...texts });
  const tree = fromFiles(new Map(files.map(([path, text]) => [path, encode(text)])));
  return openPackage({ files: tree }, { platform: webPlatform });
};

it('tells what is broken and what is missing, and spells out what could steer a terminal', async () => {
  const importer = await opened({ 'a.py': 'import gone', 'b\u202e.py': 'def f(:' });
  const found = await packageDependencies(importer);
  const view = dependencyView(found.graph, [...found.graph.edges()], found.missing);
  const colours = coloursFor(recorded(), {});
  expect(formatTroubles(view, colours).split('\n')).toEqual([
    expect.stringMatching(/^broken: b\\u\{202e\}: /),
    'missing: gone, which a imports',
    '',
  ]);
  const lent = { limits: defaultLimits, signal: new AbortController().signal, colours };
  expect(await renderDependencies(view, 'text', lent)).toBe(
    'a  intern\n\nb\\u{202e}  intern, broken\n\n2 intern\n',
  );
});
