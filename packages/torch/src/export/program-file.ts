import type { Limits } from '@torsh/bytes';
import { type Json, type JsonObject, type JsonScanner, scanJson } from '@torsh/core';

/** What is taken from the JSON of a program; the program itself stays a resource. */
export interface Program {
  /** Versions, for the metadata. */
  readonly facts: JsonObject;
  /** Parameters and persistent buffers that the program takes. */
  readonly weights: ReadonlySet<string>;
  /** Constants and other buffers that it takes. */
  readonly constants: ReadonlySet<string>;
}

/** Facts that are kept; all others are in the program. */
const FACTS = new Set(['schema_version', 'torch_version', 'opset_version']);
/** Facts are a few numbers. */
const FACT_CHARACTERS = 4096;
const OPEN_OBJECT = 0x7b;
const OPEN_LIST = 0x5b;
const QUOTE = 0x22;

/** Reads the JSON of an exported program: all of it is checked, and little of it is kept. */
export function parseProgram(text: string, limits: Limits): Program {
  const scanner = scanJson(text, { what: 'the program', depth: limits.depth, base: 0 });
  const facts: { [key: string]: Json } = {};
  const weights = new Set<string>();
  const constants = new Set<string>();
  scanner.object((key, at) => {
    if (key === 'graph_module')
      within(scanner, { signature: () => parseSignature(scanner, weights, constants) });
    else {
      const value = scanner.skip();
      if (!FACTS.has(key)) return;
      if (value.length > FACT_CHARACTERS) scanner.fail(`The field ${key} of the program is too long.`, at);
      facts[key] = JSON.parse(value) as Json;
    }
  });
  scanner.end();
  return { facts, weights, constants };
}

function parseSignature(scanner: JsonScanner, weights: Set<string>, constants: Set<string>): void {
  within(scanner, {
    input_specs: () => {
      if (scanner.next() !== OPEN_LIST) scanner.skip();
      else scanner.array(() => parseInput(scanner, weights, constants));
    },
  });
}

/** `{"parameter": {"arg": …, "parameter_name": "fc.weight"}}` and its like. */
function parseInput(scanner: JsonScanner, weights: Set<string>, constants: Set<string>): void {
  const named = (field: string, into: Set<string>) => () =>
    within(scanner, { [field]: () => void text(scanner, (name) => into.add(name)) });
  within(scanner, {
    parameter: named('parameter_name', weights),
    buffer: () => {
      let buffer: string | undefined;
      let persistent = true;
      within(scanner, {
        buffer_name: () => text(scanner, (name) => (buffer = name)),
        persistent: () => (persistent = scanner.skip() !== 'false'),
      });
      if (buffer !== undefined) (persistent ? weights : constants).add(buffer);
    },
    tensor_constant: named('tensor_constant_name', constants),
    custom_obj: named('custom_obj_name', constants),
  });
}

/** Reads the named fields of an object and skips all others; what is no object is skipped whole. */
function within(scanner: JsonScanner, readers: Readonly<Record<string, () => unknown>>): void {
  if (scanner.next() !== OPEN_OBJECT) {
    scanner.skip();
    return;
  }
  scanner.object((key) => {
    if (Object.hasOwn(readers, key)) readers[key]!();
    else scanner.skip();
  });
}

function text(scanner: JsonScanner, take: (value: string) => void): void {
  if (scanner.next() === QUOTE) take(scanner.string());
  else scanner.skip();
}
