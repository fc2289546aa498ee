import { type Limits, pathFlaw } from '@torsh/bytes';
import { type JsonScanner, scanJson } from '@torsh/core';
import { boolean, fields, type Parsing, required } from './fields.ts';
import { parseTensorMeta, type TensorMeta } from './tensor-meta.ts';

/** One weight or constant of a program: where its bytes are, and how to look at them. */
export interface Payload {
  /** A record beside the config. Tied tensors, and views of one storage, name the same. */
  readonly file: string;
  readonly parameter: boolean;
  /** True where the record is no raw storage but an object that torch.save wrote. */
  readonly pickled: boolean;
  /** Absent for objects that are no tensors. */
  readonly meta?: TensorMeta;
}

/** The weights or constants of a program by name. */
export interface Config {
  readonly payloads: ReadonlyMap<string, Payload>;
  /** Fields that torsh does not know and that say something. */
  readonly unknown: ReadonlySet<string>;
}

/** Reads `{model}_weights_config.json` or `{model}_constants_config.json`, in its order. */
export function parseConfig(text: string, limits: Limits): Config {
  const scanner = scanJson(text, { what: 'the config', depth: limits.depth, base: 0 });
  const parsing = { scanner, limits, unknown: new Set<string>() };
  const payloads = new Map<string, Payload>();
  let found = false;
  fields(parsing, 'The config', {
    config: () => {
      found = true;
      scanner.object((name, at) => {
        if (payloads.has(name)) scanner.fail(`The config has ${JSON.stringify(name)} twice.`, at);
        payloads.set(name, parsePayload(parsing));
        if (payloads.size > limits.entries)
          scanner.fail(`The config has more than ${limits.entries} tensors (limit entries).`, at, 'limit');
      });
    },
  });
  scanner.end();
  if (!found) scanner.fail('The config has no field config.', 0);
  return { payloads, unknown: parsing.unknown };
}

function parsePayload(parsing: Parsing): Payload {
  const { scanner } = parsing;
  const start = scanner.position();
  let file: string | undefined;
  let parameter = false;
  let pickled = false;
  let meta: TensorMeta | undefined;
  fields(parsing, 'A payload', {
    path_name: (at) => (file = fileName(scanner.string(), at, scanner)),
    is_param: () => (parameter = boolean(parsing)),
    use_pickle: () => (pickled = boolean(parsing)),
    tensor_meta: () => {
      if (scanner.next() === 0x6e) scanner.skip();
      else meta = parseTensorMeta(parsing);
    },
  });
  if (!pickled && meta === undefined) scanner.fail('A payload of raw bytes has no tensor_meta.', start);
  return {
    file: required(parsing, start, 'A payload', { path_name: file }),
    parameter,
    pickled,
    ...(meta === undefined ? {} : { meta }),
  };
}

/** A record beside the config, and nowhere else. */
export function fileName(name: string, at: number, scanner: JsonScanner): string {
  const flaw = pathFlaw(name) ?? (name.includes('/') ? 'it leads into a folder' : undefined);
  if (flaw !== undefined)
    scanner.fail(
      `The config names the file ${JSON.stringify(name)}, which is refused: ${flaw}.`,
      at,
      'unsafe',
    );
  return name;
}
