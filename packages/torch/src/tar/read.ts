import { locateError, TorshError } from '@torsh/bytes';
import { type Archive, archive, type Context, entrySource, type Input } from '@torsh/core';
import { isKind, type PickleValue } from '@torsh/pickle';
import { storages } from '../data/storages.ts';
import { malformed } from '../object/errors.ts';
import { TORCH } from '../object/namespace.ts';
import { type Report, reporter, reportGlobals } from '../object/report.ts';
import { openObject } from '../open-object.ts';
import { type ClassCode, classCode, keepCode } from '../stream/code.ts';
import type { Resolve } from '../stream/reader.ts';
import { systemJson } from '../stream/system.ts';
import { reportUnused } from '../stream/unused.ts';
import { PARTS } from './detect.ts';
import { type Member, membersOf } from './members.ts';
import { type Part, partOf } from './part.ts';
import { readStorages } from './storages.ts';
import { readTensors } from './tensors.ts';

/** Opens a checkpoint of torch 0.1: storages first, then the tensors on them, then the object that names those. */
export async function read(input: Input, context: Context): Promise<Archive> {
  const source = await entrySource(input, context);
  if (source === undefined)
    throw new TorshError('unsupported', 'A checkpoint of torch 0.1 is a file, not a folder.');
  const report = reporter(context);
  const members = await membersOf(source, context).catch((error: unknown) => {
    throw locateError(error, { path: input.entry });
  });
  const record = (key: string) => `storages/${key}`;
  const part = (name: string) => partOf(memberOf(members, name).data, name, context);
  const [stored, listed, pickled] = [part('storages'), part('tensors'), part('pickle')];
  const found = await readStorages(stored, record);
  const tensors = await readTensors(listed, found, context);
  let code: ClassCode[] = [];
  const object = await pickled.next(() => {
    code = [];
    return resolveIn((key) => tensors.get(key) ?? found.ids.get(key), code);
  });
  const system = members.has('sys_info') ? part('sys_info') : undefined;
  const machine = await system?.next();
  for (const each of [stored, listed, system]) if (each !== undefined) reportPart(each, report);
  const opened = openObject(
    {
      pickle: object,
      path: pickled.path,
      record,
      storages: storages((storage) => found.windows.get(storage.record)),
      fileBytes: source.size,
    },
    context,
    report,
  );
  reportRest(pickled, report);
  reportUnused(new Map(Array.from(found.windows, ([key, { size }]) => [key, size])), opened.walked, report);
  reportStrangers(members, report);
  const kept = keepCode(code, report);
  return archive('torch-tar', {
    models: opened.models,
    resources: kept.resources,
    metadata: {
      [TORCH]: {
        kind: 'torch.save tar',
        protocol: object.protocol,
        ...(machine === undefined ? {} : { sys_info: systemJson(machine.value, context) }),
        ...(Object.keys(kept.index).length === 0 ? {} : { code: kept.index }),
        ...opened.structure,
      },
    },
    incidental: opened.plain ? [TORCH] : [],
  });
}

function memberOf(members: ReadonlyMap<string, Member>, name: string): Member {
  const member = members.get(name);
  if (member !== undefined) return member;
  throw new TorshError('malformed', `The tar has no file ${name}, and a checkpoint of torch 0.1 needs one.`, {
    path: name,
  });
}

/** An id is the key of a tensor or of a storage as text; or a class with its source. */
function resolveIn(lookUp: (key: string) => PickleValue | undefined, code: ClassCode[]): Resolve {
  return (id) => {
    if (isKind(id, 'tuple')) {
      code.push(classCode(id.items));
      return id.items[0];
    }
    const named = typeof id === 'string' || typeof id === 'number' ? lookUp(String(id)) : undefined;
    if (named === undefined)
      throw malformed('The object names a tensor or a storage that is not in the file.');
    return named;
  };
}

function reportPart(part: Part, report: Report): void {
  const globals = part.pickles.flatMap((pickle) => pickle.globals);
  reportGlobals({ globals, protocol: 2 }, part.path, report);
  reportRest(part, report);
}

function reportRest({ path, reader, source }: Part, report: Report): void {
  const left = source.size - reader.position;
  if (left === 0) return;
  const message = `${left} bytes at the end of ${path}, from byte ${reader.position} of it on, are not read.`;
  report('bytes-behind-pickle', message, path, 'loss');
}

function reportStrangers(members: ReadonlyMap<string, Member>, report: Report): void {
  const known = new Set<string>(['sys_info', ...PARTS]);
  for (const name of members.keys()) {
    if (!known.has(name)) report('unused-member', `The file ${name} of the tar is not kept.`, name, 'loss');
  }
}
