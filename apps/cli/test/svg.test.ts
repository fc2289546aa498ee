import { TorshError, withLimits } from '@torsh/bytes';
import { expect, it } from 'vitest';
import { renderSvg } from '../src/render/svg.ts';

const { signal } = new AbortController();
const drawn = (dot: string, parts = 3) => renderSvg({ dot, parts }, withLimits({}), signal);

it('draws a graph', async () => {
  const svg = await drawn('digraph { a [label="input"]; b; a -> b }');
  expect(svg).toMatch(/^<\?xml version="1.0" encoding="UTF-8" standalone="no"\?>\n<svg [\s\S]*<\/svg>\n$/);
  expect(svg).toContain('>input</text>');
});

it('makes nothing of a hostile name but text', async () => {
  const name = `</text><script>alert(1)</script><a href='javascript:x'>\0\u{1}\u{d800}]]>`;
  const svg = await drawn(`digraph { a [label="${name}"]; "${name}" -> a [label="${name}"] }`);
  const elements = new Set(Array.from(svg.matchAll(/<([^\s/>]+)/g), ([, element]) => element));
  expect(elements).toEqual(
    new Set(['?xml', 'svg', 'g', 'title', 'polygon', 'ellipse', 'text', 'path', '!--']),
  );
  expect(svg).not.toMatch(/<[a-z][^>]* (?:on\w+|href)=/);
  expect(svg).toContain('&lt;script&gt;alert(1)');
  expect(svg).toContain('\u{fffd}'.repeat(3));
});

it('refuses a graph that nobody could read', async () => {
  const error = await renderSvg({ dot: 'graph {}', parts: 11 }, withLimits({ drawing: 10 }), signal).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TorshError);
  expect(error).toMatchObject({ code: 'limit' });
});

it('says that a text is no graph', async () => {
  await expect(drawn('digraph { a -> ')).rejects.toMatchObject({ code: 'unsupported' });
});

it('ends when it is told to, even while Graphviz computes', async () => {
  const controller = new AbortController();
  const edges = Array.from({ length: 3900 }, (_, index) => `${index % 97} -> ${(index * index) % 101};`);
  const drawing = { dot: `digraph { ${edges.join('')} }`, parts: 4000 };
  const picture = renderSvg(drawing, withLimits({}), controller.signal);
  setTimeout(() => controller.abort('enough'), 100);
  await expect(picture).rejects.toBe('enough');
});
