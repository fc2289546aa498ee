import { type Archive, type Content, DEFAULT_MODEL, fitModels } from '@torsh/core';

/**
 * What a faithful copy in a format must hold of a source. With `loss` allowed, that is what the format has a place for;
 * otherwise all but the notes on how the source's file was written.
 */
export function expectedOf(source: Archive, accepts: Content, loss: 'allowed' | 'refused'): Archive {
  const droppable = (namespace: string) => loss === 'allowed' || source.incidental.has(namespace);
  const holds = (namespace: string) => accepts.metadata === 'all' || accepts.metadata.includes(namespace);
  const metadata = Object.entries(source.metadata).filter(([name]) => holds(name) || !droppable(name));
  const withoutAliases = loss === 'allowed' && !accepts.aliases;
  const fitting = loss === 'allowed' ? fitModels(source, accepts.models) : source;
  return {
    ...fitting,
    metadata: Object.fromEntries(metadata),
    resources: loss === 'allowed' && !accepts.resources ? new Map() : source.resources,
    models: modelsOf(fitting, accepts, withoutAliases),
  };
}

/** A format that holds one model has no place for its name. */
function modelsOf({ models }: Archive, accepts: Content, withoutAliases: boolean): Archive['models'] {
  const nameless = accepts.models === 'one' && models.size === 1;
  return new Map(
    Array.from(models.values(), (model) => {
      const name = nameless ? DEFAULT_MODEL : model.name;
      return [name, { ...model, name, ...(withoutAliases ? { aliases: new Map() } : {}) }];
    }),
  );
}
