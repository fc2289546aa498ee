import { toFiles } from '@torsh/bytes';
import { type Archive, compare, convert, fitModels, plan, torsh, verify } from '@torsh/core';
import { assemble, type PickleValue, type PyObject, type PyTuple } from '@torsh/pickle';
import { safetensors } from '@torsh/safetensors';
import { torchSave } from '@torsh/torch';
import { describe, expect, it } from 'vitest';
import { written } from '../src/contract/writing.ts';
import { buildZip, inputOf, type Sample, sampleOf, snapshot, testContext } from '../src/index.ts';
import { checkpoints } from './checkpoints.ts';

const formats = { torch: torchSave(), torsh: torsh(), safetensors: safetensors() };
const context = testContext();

const open = (format: keyof typeof formats, sample: Sample): Promise<Archive> =>
  formats[format].reader!.open(inputOf(sample), context);

/** Tensors with their digests, tied names and text metadata. */
const models = async (whole: Archive): Promise<unknown> =>
  ((await snapshot(whole, context)) as { models: unknown }).models;

const bytesOf = ({ files }: Sample): Uint8Array[] => [...files.values()];

describe.each(checkpoints.map((sample) => [sample.name, sample] as const))('%s', (_, sample) => {
  it('becomes a .torsh with all of it, the same one each time', async () => {
    const source = await open('torch', sample);
    expect(plan(source, formats.torsh).issues).toEqual([]);
    const made = await written(formats.torsh, source);
    // Opened again, so that nothing is the same because it is the same object.
    expect(bytesOf(await written(formats.torsh, await open('torch', sample)))).toEqual(bytesOf(made));

    const copy = await open('torsh', made);
    expect(await snapshot(copy, context)).toEqual(await snapshot(source, context));
    expect(copy.incidental.has('torch')).toBe(source.incidental.has('torch'));
    expect(await compare(copy, source, { ...context, formats: [] })).toEqual([]);
    const { damages } = await verify(inputOf(made), { ...context, formats: [formats.torsh] });
    expect(damages).toEqual([]);
  });

  it('becomes the same safetensors file by way of a .torsh and without it', async () => {
    const source = await open('torch', sample);
    const { possible, issues } = plan(source, formats.safetensors);
    expect(possible).toBe(true);
    // What is lost is the object around the tensors; what is only the way in which it was written is no loss.
    const severity = source.incidental.has('torch') ? 'note' : 'loss';
    const extra = source.models.has('extra') ? [['loss', 'model', 'extra']] : [];
    expect(issues.map((issue) => [issue.severity, issue.code, issue.subject])).toEqual([
      ...extra,
      [severity, 'metadata', 'torch'],
    ]);

    const direct = await written(formats.safetensors, source);
    const packed = await written(formats.torsh, source);
    const around = await written(formats.safetensors, await open('torsh', packed));
    expect(bytesOf(around)).toEqual(bytesOf(direct));
  });

  it('keeps its tensors and tied names from safetensors to .torsh and back', async () => {
    // What modules hold besides their state dicts has no place there.
    const source = fitModels(await open('torch', sample), 'one');
    const flat = await written(formats.safetensors, source);
    const opened = await open('safetensors', flat);
    expect(await models(opened)).toEqual(await models(source));
    const packed = await written(formats.torsh, opened);
    const back = await open('torsh', packed);
    expect(await models(back)).toEqual(await models(source));
    expect(bytesOf(await written(formats.safetensors, back))).toEqual(bytesOf(flat));
  });
});

const tuple = (...items: readonly PickleValue[]): PyTuple => ({ kind: 'tuple', items });
const call = (module: string, name: string, rest: Partial<PyObject> = {}): PyObject => ({
  kind: 'object',
  how: 'reduce',
  callee: { kind: 'global', module, name },
  args: tuple(),
  states: [],
  items: [],
  keys: [],
  values: [],
  ...rest,
});
const ordered = (key: PickleValue, value: PickleValue): PyObject =>
  call('collections', 'OrderedDict', { keys: [key], values: [value] });

function tensor(location = 'cpu'): PyObject {
  const type = { kind: 'global', module: 'torch', name: 'FloatStorage' } as const;
  const storage = { kind: 'persistent', id: tuple('storage', type, '0', location, 2) } as const;
  const args = tuple(storage, 0, tuple(2), tuple(1), false, call('collections', 'OrderedDict'));
  return call('torch._utils', '_rebuild_tensor_v2', { args });
}

const checkpointOf = (value: PickleValue): Sample =>
  sampleOf(
    'x.pt',
    buildZip([
      { name: 'x/data.pkl', data: assemble(value) },
      { name: 'x/data/0', data: new Uint8Array(8) },
      { name: 'x/version', data: new TextEncoder().encode('3\n') },
    ]),
  );

describe('what can be opened can be kept', () => {
  const nested = (depth: number): PickleValue => {
    let value: PickleValue = tensor();
    for (let level = 0; level < depth; level++) value = ordered('a', value);
    return value;
  };

  it.each<[string, PickleValue]>([
    ['a key that is half a character', { kind: 'dict', keys: ['\ud800'], values: [tensor()] }],
    ['keys that JavaScript objects have', ordered('__proto__', ordered('constructor', tensor()))],
    ['keys that are like what structure is made of', ordered('$tensor', ordered('$ref', tensor()))],
    ['a device that is half a character', ordered('a', tensor('\udfff'))],
    ['a device called __proto__', ordered('a', tensor('__proto__'))],
    [
      'a name with every character below a space',
      ordered(String.fromCharCode(...Array(32).keys()), tensor()),
    ],
    ['a class whose name is half a character', ordered('a', call('\ud800', '\udfff'))],
    ['dictionaries in dictionaries, 300 deep', nested(300)],
  ])('%s', async (_, value) => {
    const sample = checkpointOf(value);
    const output = toFiles();
    const options = { platform: context.platform, formats: [formats.torch], converter: 'a test' };
    // With what `convert` adds: where the model came from, and everything that was reported on the way.
    const to = { name: 'x.torsh', open: async () => output };
    await convert(inputOf(sample), to, { ...options, to: formats.torsh, allowLoss: true });
    const copy = await open('torsh', sampleOf('x.torsh', output.files().get('x.torsh')!));
    expect(await compare(copy, await open('torch', sample), options)).toEqual([]);
  });

  it('as deep as it may be nested', async () => {
    const outcomes: string[] = [];
    for (let depth = 320; depth < 345; depth++) {
      const source = await open('torch', checkpointOf(nested(depth))).catch(
        (error: { code: string }) => error,
      );
      if ('code' in source) outcomes.push(source.code);
      else {
        await open('torsh', await written(formats.torsh, source));
        outcomes.push('kept');
      }
    }
    expect([...new Set(outcomes)]).toEqual(['kept', 'limit']);
  });
});
