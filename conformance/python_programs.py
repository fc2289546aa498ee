"""Random Python programs with imports in every place where the grammar has an expression or a statement."""

from random import Random


class Programs:
    """Makes programs; many are right, some are not."""

    def __init__(self, seed: int):
        self.random = Random(seed)

    def one(self) -> str:
        statements = (self.statement() for _ in range(self.random.randrange(1, 4)))
        return '\n'.join(statements) + self.random.choice(['', '\n'])

    def asked(self) -> str:
        """A call of `__import__`, with arguments that torch takes, and some that it does not."""
        pick, n = self.random.choice, self.random.randrange(9)
        names = ', '.join(pick(["'x'", "'*'", '5', 'y', 'y.z', "f'q'", '*k', "b'r'"]) for _ in range(n % 3))
        level = pick(['0', '1', '2', '3', '-1', 'x', 'True', "'1'", 'None', '1.5'])
        positional = pick(["['u']", "('u', 'v')", '()', '[]', 'None', 'x', '{"w"}'])
        return pick([
            f"__import__('m{n}')",
            f"__import__('a.b{n}').x",
            f"__import__('s', fromlist=[{names}], level={level})",
            f"__import__('t', g, l, {positional}, {n % 3})",
        ])  # fmt: skip

    def field(self) -> str:
        """What may stand in a replacement field before Python 3.12: no quotes of the string, no backslash."""
        value = self.random.choice(['x', 'f(x)', 'x.y[0]', '__import__("m1")', '__import__("m2").x, y', '*x, y', 'yield x'])
        width = self.random.choice(['x', '__import__("m4")'])
        return f"f'''{{{value}!r:>{{{width}}}}} {{y=}} {{{{'''"

    def expression(self, depth: int = 0) -> str:
        if depth > 2:
            return self.random.choice(['x', '1', self.asked()])

        def e() -> str:
            return self.expression(depth + 1)

        forms = [
            lambda: 'x',
            self.asked,
            self.asked,
            self.field,
            lambda: '...',
            lambda: f'({e()})',
            lambda: f'{e()} if {e()} else {e()}',
            lambda: f'lambda a={e()}, *b, c={e()}, **k: {e()}',
            lambda: f'[{e()}, *({e()})]',
            lambda: f'{{{e()}: {e()}, **({e()})}}',
            lambda: f'{{{e()}, {e()}}}',
            lambda: f'[{e()} for x in ({e()}) if ({e()})]',
            lambda: f'{{{e()}: {e()} for x, y in ({e()})}}',
            lambda: f'({e()} for x in ({e()}) for y in ({e()}))',
            lambda: f'f({e()}, k={e()})',
            lambda: f'({e()}).x[{e()}:{e()}]',
            lambda: f'({e()}).y({e()})',
            lambda: f'({e()})[{e()}, ::{e()}]',
            lambda: f'not ({e()}) and {e()}',
            lambda: f'({e()}) + -({e()}) ** ~({e()})',
            lambda: f'({e()}) < ({e()}) not in ({e()}) is not x',
            lambda: f'(q := {e()})',
            lambda: f'({e()}, *({e()}))',
            lambda: f'(yield {e()})',
            lambda: f'(await ({e()}))',
            lambda: f'{e()} or {e()}',
        ]
        return self.random.choice(forms)()

    def imported(self) -> str:
        pick = self.random.choice
        dots = pick(['', '.', '.', '..'])
        return pick([
            'import a.b as c, d',
            'import q',
            f'from {dots}{pick(["m", "m.n"])} import x, y as z',
            'from . import *',
            f'from {dots}m import (x, y,)',
        ])  # fmt: skip

    def statement(self, indent: str = '') -> str:
        e = self.expression
        inner = indent + '  '

        def block() -> str:
            if len(inner) > 6:
                return '\n' + inner + self.imported()
            return '\n' + '\n'.join(inner + self.statement(inner) for _ in range(self.random.randrange(1, 3)))

        forms = [
            self.imported,
            self.imported,
            e,
            lambda: f'x = y = {e()}',
            lambda: f'x[{e()}]: {e()} = {e()}',
            lambda: f'x.y += {e()}',
            lambda: f'if {e()}:{block()}\n{indent}elif {e()}:{block()}\n{indent}else:{block()}',
            lambda: f'for x, *y in {e()}:{block()}\n{indent}else:{block()}',
            lambda: f'while {e()}:{block()}',
            lambda: f'with {e()} as x, {e()}:{block()}',
            lambda: f'with ({e()} as x, {e()},):{block()}',
            lambda: f'try:{block()}\n{indent}except {e()} as e:{block()}\n{indent}else:{block()}\n{indent}finally:{block()}',
            lambda: f'@{e()}\n{indent}async def f(a: {e()}, /, b: {e()} = {e()}, *c: {e()}, d: {e()}={e()}, **g: {e()}) -> {e()}:{block()}',
            lambda: f'@{e()}\n{indent}class A({e()}, m={e()}, *({e()}), **({e()})):{block()}',
            lambda: f'match {e()}:\n{inner}case [1, *_] | {{"a": x.y, **r}} if {e()}:\n{inner}  {self.imported()}\n{inner}case A(1, b=2) as q: {self.imported()}',
            lambda: f'return {e()}',
            lambda: f'raise {e()} from {e()}',
            lambda: f'assert {e()}, {e()}',
            lambda: f'del x[{e()}], (y, z.w)',
            lambda: f'{self.imported()}; {e()}; pass',
        ]
        return self.random.choice(forms)()
