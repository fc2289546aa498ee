import { expect, it } from 'vitest';
import { classesIn } from '../../src/script/code.ts';

const SOURCE = `class Net(Module):
  __parameters__ = ["weight", "bias", ]
  __buffers__ = ["running mean", "ü", "it's", "0", ]
  weight : Tensor
  training : bool
  layer : __torch__.Layer
  def forward(self: __torch__.Net,
    x: Tensor) -> Tensor:
    text = "  __parameters__ = [\\"evil\\", ]"
    return x
class Layer(Module):
  __parameters__ = []
class Pair(NamedTuple):
  left : Tensor
class Object:
  left : Tensor
class Colour(Enum):
  RED = 1
def function(x: Tensor) -> Tensor:
  __parameters__ = ["x", ]
  return x
`;

it('finds the classes of a source, and which of their fields are parameters and buffers', () => {
  const plain = [...classesIn(SOURCE)].map(([name, { isModule, parameters, buffers }]) => [
    name,
    isModule,
    [...parameters],
    buffers === undefined ? undefined : [...buffers],
  ]);
  expect(plain).toEqual([
    ['Net', true, ['weight', 'bias'], ['running mean', 'ü', "it's", '0']],
    ['Layer', true, [], undefined],
    ['Pair', false, [], undefined],
    ['Object', false, [], undefined],
    ['Colour', false, [], undefined],
  ]);
});

it('changes nothing in names: torch escapes nothing in them', () => {
  const names = (list: string) => [
    ...(classesIn(`class A(Module):\n  __parameters__ = [${list}]\n`).get('A')?.parameters ?? []),
  ];
  expect(names('"back\\slash", "tab\t", ')).toEqual(['back\\slash', 'tab\t']);
  expect(names('"a"b", "c", ')).toEqual(['a"b', 'c']);
  expect(names('')).toEqual([]);
  expect(names('"a"')).toEqual([]);
  expect(names('1, 2, ')).toEqual([]);
});

it.each([
  ['nothing', ''],
  ['a class that is cut off', 'class A(Module'],
  ['a list that is cut off', 'class A(Module):\n  __parameters__ = ["a", '],
  ['a million quotes', `class A(Module):\n  __parameters__ = [${'"'.repeat(1_000_000)}`],
  ['a million parentheses', `class ${'('.repeat(1_000_000)}:`],
  ['a million colons', `class ${'A'.repeat(1_000_000)} (Module):`],
])('reads %s', (_, text) => {
  const found = [...classesIn(text).values()].flatMap(({ parameters }) => [...parameters]);
  expect(found).toEqual([]);
});
