import type { ByteSource } from '@torsh/bytes';
import type { Finding } from '@torsh/core';
import type { ModelProto } from '../schema/message.ts';
import { type Checking, NEWEST_IR } from './checking.ts';
import { checkFunctions } from './functions.ts';
import { checkGraph } from './graph.ts';
import { checkNesting } from './nesting.ts';
import { operatorLookup } from './operator.ts';
import { opsetsOf } from './opsets.ts';
import { inside, type Place, pathOf, quoted } from './place.ts';
import type { Rule } from './rules.ts';

/** What checking a model is lent. */
export interface CheckOptions {
  /** The file that the model was decoded from. */
  readonly source: ByteSource;
  readonly signal?: AbortSignal | undefined;
  /** The size of a file beside the model, by its path from there; `undefined` where there is none. */
  sizeOf(path: string): Promise<number | undefined>;
  found(finding: Finding): void;
}

/** Holds a model against all rules and gives what it finds, in the order of the file. */
export async function checkModel(model: ModelProto, options: CheckOptions): Promise<void> {
  const { source, signal } = options;
  const sizes = new Map<string, Promise<number | undefined>>();
  const give = (severity: Finding['severity']) => (rule: Rule, place: Place, message: string) =>
    options.found({ rule, severity, path: pathOf(place), message });
  const checking: Checking = {
    ir: model.ir_version ?? 0,
    operators: operatorLookup(),
    source,
    signal,
    sizeOf(path) {
      const size = sizes.get(path) ?? options.sizeOf(path);
      sizes.set(path, size);
      return size;
    },
    found: give('error'),
    warned: give('warning'),
  };
  if (!checkNesting(model, checking)) return;
  const opsets = checkHead(model, checking);
  const graph = inside(undefined, 'graph');
  if (model.graph === undefined) checking.found('graph-name', graph, 'The model has no graph.');
  else await checkGraph(model.graph, opsets, undefined, graph, checking);
  if (checking.ir >= 8) await checkFunctions(model.functions, opsets, checking);
}

/** Checks what stands around the graph, and gives the versions of operators that the graph uses. */
function checkHead(model: ModelProto, checking: Checking): Map<string, number> {
  const { ir } = checking;
  const version = inside(undefined, 'ir_version');
  if (ir === 0) checking.found('ir-version', version, 'The model has no IR version.');
  if (ir > NEWEST_IR) {
    checking.found(
      'ir-version',
      version,
      `The IR version ${ir} is newer than ${NEWEST_IR}, the newest that is known.`,
    );
  }
  const keys = new Set<string>();
  for (const [index, { key = '' }] of model.metadata_props.entries()) {
    if (keys.has(key)) {
      const at = inside(undefined, 'metadata_props', index, key);
      checking.found('metadata-keys', at, `There is a key ${quoted(key)} already.`);
    }
    keys.add(key);
  }
  const opsets = opsetsOf(model.opset_import, undefined, checking);
  const imports = inside(undefined, 'opset_import');
  if (ir >= 3 && opsets.size === 0) {
    checking.found(
      'opset-import',
      imports,
      'From IR version 3 on, a model imports the operator sets that it uses.',
    );
  } else if (ir < 3 && opsets.size > 0) {
    checking.found('opset-import', imports, 'Before IR version 3, a model imports no operator sets.');
  } else if (ir < 3) {
    opsets.set('', 1);
  }
  return opsets;
}
