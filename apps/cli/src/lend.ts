import { defaultLimits, type Limits, limits, type Platform, type UrlOptions, withLimits } from '@torsh/bytes';
import type { Issue, Options } from '@torsh/core';
import { allFormats } from '@torsh/formats';
import { digestInParallel, nodePlatform } from '@torsh/node';
import type { Arguments } from './arguments.ts';
import { parseHeaders } from './locate-url.ts';
import { type ProgressBar, progressBar } from './render/progress.ts';
import { parseSize } from './size.ts';
import { known } from './target.ts';
import { suggestion, UsageError } from './usage.ts';
import type { World } from './world.ts';

/** What a command lends to the library, made from what was typed. */
export interface Lent {
  readonly options: Options & { readonly from: string | undefined; readonly limits: Limits };
  /** How files on servers are asked for. */
  readonly url: UrlOptions;
  readonly issues: readonly Issue[];
  readonly bar: ProgressBar;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Formats, platform, limits, signal and a progress bar for a command. */
export function lend(given: Arguments, world: World, platform: Platform = threadedPlatform): Lent {
  const formats = allFormats({
    maxShardBytes: parseShardSize(given.text('max-shard-size')),
    externalData: parseExternalData(given.text('external-data')),
    weightsIn: parseWeightsIn(given.text('weights-in')),
  });
  const from = given.text('from');
  if (from !== undefined) known(from, formats, 'from');
  const [json, quiet] = [given.flag('json'), given.flag('quiet')];
  const bar = progressBar(world, !json && !quiet);
  const issues: Issue[] = [];
  return {
    options: {
      formats,
      platform,
      limits: parseLimits(given.all('limit')),
      signal: world.signal,
      from,
      report: (issue) => issues.push(issue),
      progress: (progress) => bar.update(progress),
    },
    url: { signal: world.signal, headers: parseHeaders(given.all('header'), world.cwd) },
    issues,
    bar,
    json,
    quiet,
  };
}

/** Node's platform with threads for digests. */
export const threadedPlatform: Platform = { ...nodePlatform, digest: digestInParallel };

/** Limits from `name=value`. */
export function parseLimits(pairs: readonly string[]): Limits {
  if (pairs.length === 0) return defaultLimits;
  const replaced: { [name: string]: number } = {};
  for (const pair of pairs) {
    const [name, ...text] = pair.split('=') as [string, ...string[]];
    if (!Object.hasOwn(limits, name)) {
      const names = Object.keys(limits);
      const near = suggestion(name, names) || ` There are ${names.join(', ')}.`;
      throw new UsageError(`There is no limit "${name}".${near}`);
    }
    const value = parseSize(text.join('='));
    if (value === undefined) {
      throw new UsageError(`--limit ${pair}: write a whole number, such as ${name}=1000 or ${name}=4GiB.`);
    }
    replaced[name] = value;
  }
  return withLimits(replaced);
}

function parseShardSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const size = parseSize(text);
  if (size === undefined || size === 0) {
    throw new UsageError(`--max-shard-size ${text}: write a number of bytes, such as 5GiB.`);
  }
  return size;
}

function parseExternalData(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const size = text === 'none' ? Number.POSITIVE_INFINITY : parseSize(text);
  if (size !== undefined) return size;
  throw new UsageError(`--external-data ${text}: write a number of bytes, such as 1KiB, or none.`);
}

function parseWeightsIn(text: string | undefined): 'data' | 'safetensors' | undefined {
  if (text === undefined || text === 'data' || text === 'safetensors') return text;
  throw new UsageError(`--weights-in ${text}: there is data, and there is safetensors.`);
}
