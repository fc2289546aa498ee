import { type ByteSource, concat, locateError, slice, TorshError } from '@torsh/bytes';
import {
  type Archive,
  archive,
  type Context,
  entrySource,
  type Input,
  type Model,
  model,
  type Resource,
  type Tensor,
} from '@torsh/core';
import { factsOf } from './archive/facts.ts';
import { nameTensors } from './archive/names.ts';
import {
  type ExternalFile,
  formatRecord,
  gapsPath,
  ONNX,
  PROGRAM,
  type TakenTensor,
} from './archive/record.ts';
import { reportKept } from './archive/report-kept.ts';
import { type Edit, rewrite } from './edit/rewrite.ts';
import { type ExternalFiles, externalFiles } from './external/files.ts';
import { gapsIn } from './external/gaps.ts';
import { checkGrowth } from './external/growth.ts';
import { type Location, parseLocation, parsePath } from './external/location.ts';
import { locateModel } from './locate.ts';
import { decodeModel } from './message/decode.ts';
import { EXTERNAL } from './schema/data-type.ts';
import { type FoundTensor, findTensors } from './tensor/find.ts';
import { type Effort, type Part, storageOf } from './tensor/storage.ts';

/** A tensor that is taken out of the graph. */
interface Taken {
  readonly found: FoundTensor;
  readonly tensor: Tensor;
  readonly parts: readonly Part[] | undefined;
  readonly location: Location | undefined;
}

/** What taking a model apart is lent. */
export type Lent = Pick<Context, 'limits' | 'signal' | 'report'>;

/** Opens a model: the graph is looked over once, weights stay where they are. */
export async function read(given: Input, context: Context): Promise<Archive> {
  const input = await locateModel(given, context);
  const source = (await entrySource(input, context))!;
  try {
    return await readFrom(source, input, context);
  } catch (error) {
    throw locateError(error, { path: input.entry });
  }
}

/** Takes a model apart whose file is open. */
export async function readFrom(source: ByteSource, input: Input, context: Lent): Promise<Archive> {
  const decoded = await decodeModel(source, context);
  if (decoded.graph === undefined && decoded.functions.length === 0) {
    throw new TorshError('malformed', 'This ONNX model has no graph.', { offset: 0 });
  }
  const found = [...findTensors(decoded)];
  if (found.length > context.limits.entries) {
    const message = `There are ${found.length} tensors in this model; at most ${context.limits.entries} are allowed. If you trust it, raise the limit "entries".`;
    throw new TorshError('limit', message);
  }
  const files = externalFiles(input, context);
  const taken = await takeTensors(found, source, files, context);
  const cuts = new Map(taken.map((each) => [each, cutsOf(each)]));
  const { pieces, places } = rewrite(source, [...cuts.values()].flat());
  const record = taken.map((each): TakenTensor => {
    const {
      found: tensor,
      tensor: { name, dtype, shape },
      parts,
    } = each;
    const placed = parts?.map(({ field, single, values }, index) => ({
      at: places.get(cuts.get(each)![index]!)!,
      field,
      single,
      values,
    }));
    return { name, place: tensor.place, dtype, shape, parts: placed };
  });
  const whole = modelOf(taken);
  const beside = taken.filter(({ tensor: { name }, location }) => location && whole.tensors.has(name));
  checkGrowth(
    beside.map(({ tensor }) => tensor),
    files.opened.values(),
    context.limits,
  );
  const { external, gaps } = leftOf(files.opened, taken);
  return archive(ONNX, {
    models: [whole],
    resources: [
      { path: PROGRAM, role: 'program', mediaType: 'application/onnx', data: concat(pieces) },
      ...gaps,
    ],
    metadata: { [ONNX]: formatRecord(factsOf(decoded), { tensors: record, files: external }) },
  });
}

async function takeTensors(
  found: readonly FoundTensor[],
  source: ByteSource,
  files: ExternalFiles,
  context: Lent,
): Promise<Taken[]> {
  const { limits, signal } = context;
  const effort: Effort = { limits, signal, spent: 0 };
  const names = nameTensors(found, limits);
  const kept = new Map<string, string[]>();
  const taken: Taken[] = [];
  for (const each of found) {
    const name = names.get(each)!;
    const storage = await storageOf(each.proto, source, effort);
    if (storage.kind === 'kept') {
      // Its place in the file is in the graph, and what is at that place between the weights of others.
      const path = each.proto.data_location === EXTERNAL ? parsePath(each.proto, each.place) : undefined;
      if (path !== undefined) await files.touch(path);
      const others = kept.get(storage.reason);
      if (others === undefined) kept.set(storage.reason, [name]);
      else others.push(name);
      continue;
    }
    const inline = storage.kind === 'inline' ? storage : undefined;
    const location =
      storage.kind === 'external' ? parseLocation(each.proto, storage.bytes, each.place) : undefined;
    const data = inline?.data ?? (await files.window(location!, each.place));
    const tensor = { name, dtype: storage.type.dtype, shape: each.proto.dims, data };
    taken.push({ found: each, tensor, parts: inline?.parts, location });
  }
  reportKept(kept, context);
  return taken;
}

/** What is cut out of the model for a tensor. */
function cutsOf({ found, parts = [] }: Taken): Edit[] {
  return parts.map(({ start, length }) => ({ at: start, remove: length, insert: [], nest: found.nest }));
}

/** Tensors of one type and shape at one place in a file are one tensor with two names. */
function modelOf(taken: readonly Taken[]): Model {
  const owners = new Map<string, string>();
  const aliases = new Map<string, string>();
  const tensors: Tensor[] = [];
  for (const { tensor, location } of taken) {
    const { name, dtype, shape, data } = tensor;
    const key =
      location === undefined || data.size === 0
        ? undefined
        : JSON.stringify([location.path, location.offset, dtype, shape]);
    const owner = key === undefined ? undefined : owners.get(key);
    if (owner !== undefined) {
      aliases.set(name, owner);
      continue;
    }
    if (key !== undefined) owners.set(key, name);
    tensors.push(tensor);
  }
  return model(tensors, { aliases });
}

/** What belongs to no tensor in the files beside the model. */
function leftOf(
  opened: ReadonlyMap<string, ByteSource>,
  taken: readonly Taken[],
): { readonly external: ExternalFile[]; readonly gaps: Resource[] } {
  const ranges = new Map<string, Location[]>();
  for (const { location } of taken) {
    if (location === undefined) continue;
    const others = ranges.get(location.path);
    if (others === undefined) ranges.set(location.path, [location]);
    else others.push(location);
  }
  const external: ExternalFile[] = [];
  const gaps: Resource[] = [];
  for (const [path, source] of opened) {
    const found = gapsIn(source.size, ranges.get(path) ?? []);
    const at = found.length === 0 ? undefined : gapsPath(external.length);
    external.push({ path, size: source.size, gaps: at });
    if (at === undefined) continue;
    const data = concat(found.map(({ offset, length }) => slice(source, offset, length)));
    gaps.push({ path: at, role: 'data', mediaType: 'application/octet-stream', data });
  }
  return { external, gaps };
}
