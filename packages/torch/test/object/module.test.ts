import type { PickleValue } from '@torsh/pickle';
import { describe, expect, it } from 'vitest';
import {
  call,
  dict,
  file,
  global,
  list,
  open,
  ordered,
  refused,
  storage,
  tensor,
  tuple,
} from '../support.ts';

type Entry = readonly [PickleValue, PickleValue];

interface Parts {
  readonly parameters?: PickleValue;
  readonly buffers?: PickleValue;
  readonly modules?: PickleValue;
  readonly transient?: PickleValue;
  readonly attributes?: readonly Entry[];
}

/** A pickled module of a class that nobody has. */
const module = ({ parameters, buffers, modules, transient, attributes = [] }: Parts = {}) =>
  call(global('lost', 'Net'), [], {
    how: 'newobj',
    states: [
      dict(
        ['training', true],
        ['_parameters', parameters ?? ordered()],
        ['_buffers', buffers ?? ordered()],
        ...(transient === undefined ? [] : [['_non_persistent_buffers_set', transient] as Entry]),
        ['_modules', modules ?? ordered()],
        ...attributes,
      ),
    ],
  });

/** The nth of four elements of one storage. */
const nth = (offset: number) => tensor({ offset, size: tuple(1), stride: tuple(1) });
const parameter = (value: PickleValue) =>
  call(global('torch._utils', '_rebuild_parameter'), [value, true, ordered()]);
const set = (...names: string[]) => call(global('__builtin__', 'set'), [list(...names)]);

async function names(top: PickleValue) {
  const { archive } = await open(await file(top));
  return Object.fromEntries([...archive.models].map(([name, { tensors }]) => [name, [...tensors.keys()]]));
}

describe('a module gives its state dict', () => {
  it('parameters, buffers that are kept, then the children, in their order', async () => {
    const child = module({ parameters: ordered(['weight', parameter(nth(2))]) });
    const whole = module({
      modules: ordered(['b', child], ['a', null]),
      buffers: ordered(['mean', nth(1)], ['scratch', nth(3)], ['none', null]),
      parameters: ordered(['alpha', parameter(nth(0))], ['none', null]),
      transient: set('scratch'),
    });
    expect(await names(whole)).toEqual({ model: ['alpha', 'mean', 'b.weight'], extra: ['scratch'] });
  });

  it('from before there were buffers that are not kept', async () => {
    expect(await names(module({ buffers: dict(['mean', nth(1)]) }))).toEqual({ model: ['mean'] });
  });

  it('also with slots, and where a call was given the attributes', async () => {
    const state = module({ parameters: ordered(['weight', nth(0)]) }).states[0]!;
    const slotted = call(global('lost', 'Net'), [], {
      how: 'newobj',
      states: [tuple(state, dict(['bias', nth(1)]))],
    });
    expect(await names(slotted)).toEqual({ model: ['weight'], extra: ['bias'] });
    const graph = call(global('torch.fx.graph_module', 'reduce_graph_module'), [state, 'def forward']);
    expect(await names(graph)).toEqual({ model: ['weight'] });
  });

  it('with Variables of torch 0.3 for tensors, under names of Python 2', async () => {
    const variable = (offset: number) =>
      call(global('torch.autograd.variable', 'Variable'), [nth(offset)], {
        states: [tuple(false, false, null)],
      });
    const old = call(global('torch.nn.parameter', 'Parameter'), [nth(0)], {
      states: [tuple(true, false, ordered())],
    });
    const whole = module({ parameters: ordered(['weight', old]), buffers: ordered(['mean', variable(1)]) });
    expect(await names(whole)).toEqual({ model: ['weight', 'mean'] });
  });

  it('a child under two names, and one weight in two children, are tied names', async () => {
    const weight = parameter(nth(0));
    const [first, second] = [
      module({ parameters: ordered(['w', weight]) }),
      module({ parameters: ordered(['v', weight]) }),
    ];
    const { model } = await open(
      await file(module({ modules: ordered(['a', first], ['b', first], ['c', second]) })),
    );
    expect([...model.tensors.keys()]).toEqual(['a.w']);
    expect([...model.aliases]).toEqual([
      ['b.w', 'a.w'],
      ['c.v', 'a.w'],
    ]);
  });
});

describe('what else a module holds goes to the model extra', () => {
  it('after all state dicts, by the first way, and only what they do not have', async () => {
    const weight = nth(0);
    const inner = module({ parameters: ordered(['w', nth(2)]) });
    const net = module({
      parameters: ordered(['weight', weight]),
      attributes: [
        ['cache', dict(['same', weight], ['seen', nth(0)], ['other', nth(1)])],
        ['hidden', list(inner)],
      ],
    });
    const { archive, torch } = await open(await file(dict(['net', net], ['again', net], ['loss', nth(3)])));
    expect([...archive.models.get('model')!.tensors.keys()]).toEqual(['net.weight', 'loss']);
    expect([...archive.models.get('model')!.aliases]).toEqual([['again.weight', 'net.weight']]);
    expect([...archive.models.get('extra')!.tensors.keys()]).toEqual(['net.cache.other', 'net.hidden.0.w']);
    const text = JSON.stringify(torch.structure);
    expect(text).toContain('"$tensor":"net.weight"');
    expect(text).toContain('{"$tensor":"net.cache.other","model":"extra"');
    expect((torch.storages as { '0': { tensors: string[] } })['0'].tensors).toContain(
      'extra:net.cache.other',
    );
  });

  it('also what was written on a parameter', async () => {
    const marked = call(global('torch._utils', '_rebuild_parameter_with_state'), [
      nth(0),
      true,
      ordered(),
      dict(['mask', nth(1)]),
    ]);
    expect(await names(module({ parameters: ordered(['w', marked]) }))).toEqual({
      model: ['w'],
      extra: ['w.mask'],
    });
    // On a tensor in a dictionary it has no other place to go.
    expect(await names(dict(['w', marked]))).toEqual({ model: ['w', 'w.mask'] });
  });
});

describe('what a person should know', () => {
  const notes = async (top: PickleValue) =>
    (await open(await file(top))).issues
      .filter(({ code }) => code === 'extra' || code === 'state-dict-hooks')
      .map(({ code, severity, subject }) => `${severity} ${code} ${subject}`);

  it('that tensors went to extra, and that hooks might have changed the state dict', async () => {
    const hook = call(global('lost', 'Hook'));
    const hooked = (hooks: PickleValue) => module({ attributes: [['_state_dict_hooks', hooks]] });
    expect(await notes(module({ attributes: [['t', nth(0)]] }))).toEqual(['note extra t']);
    expect(await notes(dict(['m', hooked(ordered([1, hook]))]))).toEqual(['note state-dict-hooks m']);
    const ofPython2 = call(global('collections', 'OrderedDict'), [list(list(1, hook))]);
    const many = list(hooked(ofPython2), ...Array.from({ length: 9 }, () => hooked(dict([1, hook]))));
    expect(await notes(many)).toEqual(['note state-dict-hooks 0']);
    expect(await notes(hooked(ordered()))).toEqual([]);
  });
});

describe('hostile modules', () => {
  it('what is no dictionary makes no module', async () => {
    expect(await names(module({ parameters: list(nth(0)), buffers: ordered(['b', nth(1)]) }))).toEqual({
      model: ['_parameters.0', '_buffers.b'],
    });
  });

  it('a module within itself, as a child and as an attribute, ends', async () => {
    const children = ordered();
    const top = module({
      parameters: ordered(['w', nth(0)]),
      modules: children,
      attributes: [['rest', nth(1)]],
    });
    children.keys.push('self');
    children.values.push(top);
    (top.states[0] as { keys: PickleValue[]; values: PickleValue[] }).keys.push('parent');
    (top.states[0] as { keys: PickleValue[]; values: PickleValue[] }).values.push(list(top));
    expect(await names(top)).toEqual({ model: ['w'], extra: ['rest'] });
  });

  it('a chain of children, or of modules in attributes, is as deep as the limit allows', async () => {
    const chain = (length: number, link: (inner: PickleValue) => Parts) => {
      let top: PickleValue = nth(0);
      for (let level = 0; level < length; level++) top = module(link(top));
      return top;
    };
    const byChildren = await file(chain(3_000, (inner) => ({ modules: ordered(['m', inner]) })));
    expect(await refused(byChildren)).toBe('limit data.pkl');
    const byAttributes = await file(chain(3_000, (inner) => ({ attributes: [['a', inner]] })));
    expect(await refused(byAttributes)).toBe('limit data.pkl');
  });

  it('modules that are shared over and over make no more names than the limit allows', async () => {
    const doubled = (levels: number, inner: PickleValue) => {
      let top = inner;
      for (let level = 0; level < levels; level++) top = module({ modules: ordered(['a', top], ['b', top]) });
      return top;
    };
    const weighted = module({ parameters: ordered(['w', nth(0)]) });
    expect(await refused(await file(doubled(30, weighted)), { entries: 1_000 })).toBe('limit data.pkl');
    // With nothing for the state dict in it, each module is entered once.
    const hidden = module({ attributes: [['t', nth(0)]] });
    expect(await names(doubled(30, hidden))).toEqual({ model: [], extra: [`${'a.'.repeat(30)}t`] });
    expect(await names(doubled(30, module()))).toEqual({ model: [] });
  });

  it('a large set of names, or large attributes, shared by many modules, are looked through once', async () => {
    const many = Array.from({ length: 3_000 }, (_, index) => `n${index}`);
    const [transient, shared] = [set(...many), dict(...many.map((name): Entry => [name, null]))];
    const one = (index: number) =>
      module({
        transient,
        buffers: dict([`n${index}`, nth(0)], ['kept', nth(1)]),
        attributes: [['all', shared]],
      });
    const top = list(...Array.from({ length: 3_000 }, (_, index) => one(index)));
    // Each way into a dictionary counts its entries, so a shared one is paid for as often as it is entered.
    const { archive } = await open(await file(top), { pickleSteps: 500_000 });
    expect(archive.models.get('model')!.tensors.size + archive.models.get('model')!.aliases.size).toBe(3_000);
  });

  it('attributes that lie about tensors are refused as they are anywhere', async () => {
    const beyond = tensor({ offset: 3, size: tuple(2), stride: tuple(1) });
    expect(await refused(await file(module({ attributes: [['t', beyond]] })))).toBe('malformed data/0');
    const missing = tensor({ storage: storage({ key: '9' }) });
    expect(await refused(await file(module({ buffers: ordered(['t', missing]) })))).toBe('malformed data/9');
  });
});
