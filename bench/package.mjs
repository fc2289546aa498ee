// What it gives that files of a package are deflated beside each other: `node bench/package.mjs`, after a build.
// Both ways deflate the same files with the same zlib and write the same package; only the number at once differs.
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { nodePlatform } from '../packages/node/dist/index.js';
import { packageExporter } from '../packages/package/dist/index.js';

const FILES = 64;
const BYTES = 2 ** 20;
const ROUNDS = 5;

/** Text that deflates by about three, as code and tokenizers do; each file its own. */
function text(seed) {
  const words = Array.from({ length: 2000 }, (_, index) => ((index * 2654435761 + seed) >>> 0).toString(36));
  let state = seed + 1;
  const parts = [];
  for (let length = 0; length < BYTES; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const word = words[(state >>> 8) % words.length];
    parts.push(word);
    length += word.length + 1;
  }
  return parts.join(' ');
}

const texts = Array.from({ length: FILES }, (_, index) => text(index));

/** The platform with one stream of zlib at a time. */
function oneAtATime() {
  let before = Promise.resolve();
  return {
    ...nodePlatform,
    async *deflate(content) {
      const turn = before;
      let done;
      before = new Promise((resolve) => {
        done = resolve;
      });
      await turn;
      try {
        yield* nodePlatform.deflate(content);
      } finally {
        done();
      }
    },
  };
}

async function seconds(folder, platform, compression) {
  const exporter = packageExporter({ compression });
  for (const [index, each] of texts.entries()) exporter.addResource(`file${index}.txt`, 'Text', each);
  const path = join(folder, 'bench.torsh');
  const began = performance.now();
  await exporter.exportToFile(path, { platform, force: true, fsync: false });
  return (performance.now() - began) / 1000;
}

const folder = await mkdtemp(join(tmpdir(), 'torsh-bench-'));
const ways = {
  stored: () => seconds(folder, nodePlatform, 'none'),
  'deflate, one at a time': () => seconds(folder, oneAtATime(), 'deflate'),
  'deflate, side by side': () => seconds(folder, nodePlatform, 'deflate'),
};
const best = Object.fromEntries(Object.keys(ways).map((name) => [name, Number.POSITIVE_INFINITY]));
for (let round = 0; round < ROUNDS; round++)
  for (const [name, way] of Object.entries(ways)) best[name] = Math.min(best[name], await way());
rmSync(folder, { recursive: true });

const began = performance.now();
for (const each of texts) zlib.deflateRawSync(each);
const bare = (performance.now() - began) / 1000;
console.log(
  `${FILES} files of ${BYTES} bytes, best of ${ROUNDS}; 1 = zlib alone, one file after the other (${bare.toFixed(2)} s)`,
);
for (const [name, time] of Object.entries(best))
  console.log(`  ${name.padEnd(24)} ${(time / bare).toFixed(2)}`);
