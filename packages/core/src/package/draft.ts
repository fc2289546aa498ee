import { portablePathFlaw } from '@torsh/bytes';
import { type Archive, archive, type Json, type JsonObject, type Model, type Resource } from '../archive.ts';
import type { Context } from '../format.ts';
import { RequestError } from '../request.ts';
import { TORSH } from '../torsh/container.ts';
import { isName } from '../torsh/layout.ts';
import { checkedContent, type ResourceContent } from './content.ts';
import { describeAs } from './description.ts';
import { modelIn } from './model-in.ts';
import { type ModelInput, modelFrom } from './model-input.ts';
import { meaningOf, RESOURCE_TYPES, type ResourceType } from './resource-type.ts';

/** Whether a thing must be new, must be there already, or may be either. */
export type Placing = 'new' | 'replace' | 'any';

/** An archive in the making: what may still be changed, before it is an archive again. */
export interface Draft {
  putModel(name: string, input: ModelInput, placing: Placing): void;
  dropModel(name: string): void;
  hasModel(name: string): boolean;
  hasResource(path: string): boolean;
  putResource(path: string, type: ResourceType, content: ResourceContent, placing: Placing): void;
  dropResource(path: string): void;
  describe(changes: Parameters<typeof describeAs>[1]): void;
  readonly description: JsonObject;
  /** Reads what must be read to know that all is well, and gives the archive. */
  build(context: Context): Promise<Archive>;
}

const SUFFIX = '.safetensors';

/** A draft that begins as an archive is, or empty. */
export function draftOf(base: Archive = archive('torsh', {})): Draft {
  const models = new Map<string, Model | ((context: Context) => Promise<Model>)>(base.models);
  const resources = new Map<string, Resource>(base.resources);
  const checks = new Map<string, (context: Context) => Promise<void>>();
  const before = (base.metadata[TORSH] ?? {}) as JsonObject;
  let description = before;

  const place = (held: ReadonlyMap<string, unknown>, name: string, what: string, placing: Placing): void => {
    if (placing === 'new' && held.has(name)) throw new RequestError(`There is a ${what} ${name} already.`);
    if (placing === 'replace') require(held, name, what);
  };
  const setModel = (
    name: string,
    value: Model | ((context: Context) => Promise<Model>),
    placing: Placing,
  ): void => {
    checkModelName(name);
    place(models, name, 'model', placing);
    models.set(name, value);
  };
  return {
    putModel: (name, input, placing) => setModel(name, modelFrom(name, input), placing),
    dropModel(name) {
      require(models, name, 'model');
      models.delete(name);
    },
    hasModel: (name) => models.has(name),
    hasResource: (path) => resources.has(path),
    putResource(path, type, content, placing) {
      checkType(type);
      if (type === 'Model') {
        if (!path.endsWith(SUFFIX)) {
          throw new RequestError(
            `${path} does not end in ${SUFFIX}. A resource of the type Model is such a file; open others first and add them as models.`,
          );
        }
        const name = path.slice(0, -SUFFIX.length);
        const { data } = checkedContent(content, path, 'bytes');
        setModel(name, (context) => modelIn(data, name, path, context), placing);
        return;
      }
      const flaw = portablePathFlaw(path);
      if (flaw !== undefined)
        throw new RequestError(`A file cannot be called ${JSON.stringify(path)}: ${flaw}.`);
      place(resources, path, 'file', placing);
      const { role, mediaType, holds } = meaningOf(type, path);
      const { data, check } = checkedContent(content, path, holds);
      if (check === undefined) checks.delete(path);
      else checks.set(path, check);
      resources.set(path, { path, role, mediaType, data });
    },
    dropResource(path) {
      require(resources, path, 'file');
      resources.delete(path);
      checks.delete(path);
    },
    describe(changes) {
      description = describeAs(description, changes);
    },
    get description() {
      return description;
    },
    async build(context) {
      for (const check of checks.values()) await check(context);
      const opened: Model[] = [];
      for (const each of models.values())
        opened.push(typeof each === 'function' ? await each(context) : each);
      const { [TORSH]: _, ...others } = base.metadata;
      const described: { [namespace: string]: Json } =
        Object.keys(description).length === 0 ? {} : { [TORSH]: description };
      return archive(base.origin, {
        models: opened,
        resources: resources.values(),
        metadata: { ...others, ...described },
        incidental:
          description === before ? base.incidental : [...base.incidental].filter((each) => each !== TORSH),
      });
    },
  };
}

function require(held: ReadonlyMap<string, unknown>, name: string, what: string): void {
  if (held.has(name)) return;
  const names = [...held.keys()];
  const there =
    names.length === 0
      ? 'There are none'
      : `There are ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`;
  throw new RequestError(`There is no ${what} ${name}. ${there}.`);
}

function checkModelName(name: string): void {
  const flaw = isName(name) ? portablePathFlaw(`${name}${SUFFIX}`) : 'use letters, digits, "_", "-" and "."';
  if (flaw !== undefined)
    throw new RequestError(`A model cannot be called ${JSON.stringify(name)}: ${flaw}.`);
}

function checkType(type: ResourceType): void {
  if (RESOURCE_TYPES.includes(type)) return;
  throw new RequestError(
    `There is no type ${JSON.stringify(type)} of resources; there are ${RESOURCE_TYPES.join(', ')}.`,
  );
}
