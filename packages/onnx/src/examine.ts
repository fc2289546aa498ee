import { isTorshError, type Limits } from '@torsh/bytes';
import { type Archive, fitModels, type Issue } from '@torsh/core';
import { ONNX, type OnnxRecord, PROGRAM, parseRecord } from './archive/record.ts';

/** Names in a message before it is cut short. */
const SHOWN = 3;

/** What stands between an archive and an ONNX model, as far as types do not tell. */
export function examine(whole: Archive, _limits: Limits): readonly Issue[] {
  const archive = fitModels(whole, 'one');
  let record: OnnxRecord | undefined;
  try {
    record = parseRecord(archive.metadata[ONNX]);
  } catch (error) {
    if (!isTorshError(error)) throw error;
    return [{ severity: 'blocker', code: 'record', message: error.message, subject: ONNX }];
  }
  if (record === undefined || !archive.resources.has(PROGRAM)) return [noGraph(archive)];
  return [...examineTensors(archive, record), ...examineResources(archive, record)];
}

function noGraph({ origin }: Archive): Issue {
  const message = `There are weights here (from ${origin}) and no graph. ONNX needs the operators and how they are connected, and torsh makes none up: export the model where its code is, for PyTorch with torch.onnx.export.`;
  return { severity: 'blocker', code: 'no-graph', message };
}

function* examineTensors(archive: Archive, { tensors }: OnnxRecord): Generator<Issue> {
  const [model] = archive.models.values();
  const missing: string[] = [];
  const changed: string[] = [];
  const known = new Set<string>();
  for (const { name, dtype, shape } of tensors) {
    known.add(name);
    const tensor = model?.tensors.get(name) ?? model?.tensors.get(model.aliases.get(name) ?? '');
    if (tensor === undefined) missing.push(name);
    else if (tensor.dtype !== dtype || tensor.shape.join() !== shape.join()) {
      changed.push(`${name}: ${dtype} [${shape}] is now ${tensor.dtype} [${tensor.shape}]`);
    }
  }
  if (missing.length > 0) {
    const message = `The graph needs ${count(missing, 'weight')} that ${missing.length === 1 ? 'is' : 'are'} not here under this name: ${some(missing)}. A graph calls its weights by name, so none can be left out or renamed.`;
    yield { severity: 'blocker', code: 'missing-weight', message, subject: missing[0] };
  }
  if (changed.length > 0) {
    const message = `The type or the shape of ${count(changed, 'weight')} is not what the graph was made for (${some(changed)}). The graph may refuse it: check the result.`;
    yield { severity: 'note', code: 'changed-weight', message, subject: changed[0] };
  }
  const all = [...(model?.tensors.keys() ?? []), ...(model?.aliases.keys() ?? [])];
  const extra = all.filter((name) => !known.has(name));
  if (extra.length > 0) {
    const message = `The graph has no place for ${count(extra, 'tensor')}, which would be dropped: ${some(extra)}.`;
    yield { severity: 'loss', code: 'extra-tensor', message, subject: extra[0] };
  }
}

function* examineResources(archive: Archive, { files }: OnnxRecord): Generator<Issue> {
  const own = new Set([PROGRAM, ...files.map(({ gaps }) => gaps)]);
  const others = [...archive.resources.keys()].filter((path) => !own.has(path));
  if (others.length > 0) {
    const message = `${count(others, 'file')} would be dropped, because an ONNX model has no place for files: ${some(others)}.`;
    yield { severity: 'loss', code: 'resources', message, subject: others[0] };
  }
  for (const { gaps } of files) {
    if (gaps === undefined || archive.resources.has(gaps)) continue;
    const message = `The file ${gaps}, which belongs between the weights, is missing.`;
    yield { severity: 'blocker', code: 'record', message, subject: gaps };
  }
}

function count({ length }: readonly string[], noun: string): string {
  return `${length} ${noun}${length === 1 ? '' : 's'}`;
}

function some(names: readonly string[]): string {
  return names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ', …' : '');
}
