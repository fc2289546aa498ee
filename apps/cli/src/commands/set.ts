import type { Json, JsonObject } from '@torsh/core';
import type { Arguments } from '../arguments.ts';
import { parseCreated } from '../created.ts';
import { lend } from '../lend.ts';
import { asked } from '../package-contents.ts';
import { changePackage } from '../package-save.ts';
import { suggestion, UsageError } from '../usage.ts';
import type { World } from '../world.ts';

const TEXTS = ['name', 'version', 'author', 'description', 'licence'];

/** `torsh set`. */
export async function runSet(given: Arguments, world: World): Promise<number> {
  const [path, ...pairs] = given.words as [string, ...string[]];
  const changes = pairs.map((pair) => parsePair(pair, world));
  return changePackage(given, lend(given, world), world, (updater) => {
    for (const change of changes) {
      asked('set', path, () => updater.set(change(updater.metadata())));
    }
  });
}

type Change = (metadata: JsonObject) => { readonly [key: string]: never };

/** What one word changes. */
function parsePair(pair: string, world: World): Change {
  const [, key, inMetadata, colon, value] = /^(metadata\.([^=]+?)|[a-z]+)(:?)=(.*)$/s.exec(pair) ?? [];
  if (key === undefined || value === undefined) {
    throw new UsageError(`"${pair}" sets nothing: write key=value, as in version=1.0.0.`, 'help set');
  }
  const spelled = key === 'license' ? 'licence' : key;
  const change =
    (changed: object): Change =>
    () =>
      changed as { readonly [key: string]: never };
  if (inMetadata !== undefined) {
    const json = colon === '' ? value : parseValue(pair, value);
    return (metadata) => {
      const { [inMetadata]: _, ...rest } = metadata;
      const whole = colon === '' && value === '' ? rest : { ...metadata, [inMetadata]: json };
      return { metadata: Object.keys(whole).length === 0 ? null : whole } as never;
    };
  }
  if (colon !== '') throw new UsageError(`"${pair}": only metadata holds JSON; write ${key}=….`, 'help set');
  if (spelled === 'created') return change({ createdAt: value === '' ? null : parseCreated(value, world) });
  if (!TEXTS.includes(spelled)) {
    const keys = [...TEXTS, 'created'];
    const near = suggestion(key, keys) || ` There are ${keys.join(', ')}, and metadata.<key> for all else.`;
    throw new UsageError(`A package has no "${key}" to set.${near}`, 'help set');
  }
  return change({ [spelled]: value === '' ? null : value });
}

function parseValue(pair: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new UsageError(`"${pair}": what stands behind := is JSON, and this is none.`, 'help set');
  }
}
