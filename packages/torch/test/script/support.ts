import { digest, isTorshError, type Limits, type TorshError, webPlatform } from '@torsh/bytes';
import { tensorsOf } from '@torsh/core';
import { assemble, type PickleValue, type PyObject } from '@torsh/pickle';
import { torchScript } from '../../src/index.ts';
import {
  call,
  dict,
  FOUR_FLOATS,
  global,
  type Opened,
  open,
  type Records,
  tuple,
  zipped,
} from '../support.ts';

/** An object of a compiled class: its fields, or whatever else its class has made of it. */
export function compiled(name: string, state: Readonly<Record<string, PickleValue>> | PickleValue): PyObject {
  const [module, last] = [`__torch__.${name}`.replace(/\.[^.]+$/, ''), name.replace(/^.*\./, '')];
  return call(global(module, last), [], {
    how: 'newobj',
    states: [isPlain(state) ? dict(...Object.entries(state)) : state],
  });
}

function isPlain(
  state: Readonly<Record<string, PickleValue>> | PickleValue,
): state is Readonly<Record<string, PickleValue>> {
  return typeof state === 'object' && state !== null && !(state instanceof Uint8Array) && !('kind' in state);
}

/** The declaration of a module class as torch prints it. */
export const declared = (name: string, parameters: readonly string[], buffers?: readonly string[]): string =>
  [
    `class ${name}(Module):`,
    `  __parameters__ = [${parameters.map((each) => `"${each}", `).join('')}]`,
    ...(buffers === undefined ? [] : [`  __buffers__ = [${buffers.map((each) => `"${each}", `).join('')}]`]),
    '  training : bool',
    '',
  ].join('\n');

export interface Script {
  readonly constants?: PickleValue;
  /** The source files by their path in `code/`. */
  readonly code?: Readonly<Record<string, string | Uint8Array>>;
  readonly records?: Records;
}

/** A file of TorchScript with this object in it; the storage 0 is there, with four floats. */
export async function script(top: PickleValue, rest: Script = {}): Promise<Uint8Array> {
  const { constants = tuple(), code = {}, records = {} } = rest;
  const sources = Object.entries(code).map(([path, text]) => [`code/${path}`, text] as const);
  return inFolder({
    'data/0': FOUR_FLOATS['data/0']!,
    'data.pkl': assemble(top),
    'constants.pkl': assemble(constants),
    version: '3\n',
    ...Object.fromEntries(sources),
    ...records,
  });
}

/** These records in one folder. */
export const inFolder = (records: Records): Promise<Uint8Array> =>
  zipped(Object.fromEntries(Object.entries(records).map(([path, bytes]) => [`m/${path}`, bytes])));

export const openScript = (bytes: Uint8Array, limits: Partial<Limits> = {}): Promise<Opened> =>
  open(bytes, limits, torchScript());

/** The names of a model's tensors; `[]` for one that is not there. */
export const namesIn = ({ archive }: Opened, model: string): string[] => [
  ...(archive.models.get(model)?.tensors.keys() ?? []),
];

/** The error of opening or reading; anything but a `TorshError` fails the test, and so does success. */
export async function refusal(bytes: Uint8Array, limits: Partial<Limits> = {}): Promise<TorshError> {
  try {
    const { archive } = await openScript(bytes, limits);
    const tensors = Array.from(tensorsOf(archive), ([, { data }]) => data);
    await digest(tensors, { platform: webPlatform });
  } catch (error) {
    if (isTorshError(error)) return error;
    throw error;
  }
  throw new Error('The file was taken, and should have been refused.');
}

/** `code path`, which is what tables of attacks list. */
export async function refused(bytes: Uint8Array, limits: Partial<Limits> = {}): Promise<string> {
  const { code, path } = await refusal(bytes, limits);
  return path === undefined ? code : `${code} ${path}`;
}
