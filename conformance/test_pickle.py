"""CPython's pickle and @torsh/pickle read what the other writes, over random values, sharing and cycles included."""

import base64
import collections
import io
import json
import math
import pathlib
import pickle
import pickletools
import random
import struct
import subprocess

import pytest

import typed_json

HERE = pathlib.Path(__file__).parent
PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


class Bridge:
    def __init__(self):
        self.process = subprocess.Popen(
            ["node", str(HERE / "pickle_bridge.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, op, **request):
        self.process.stdin.write(json.dumps({"op": op, **request}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert "error" not in answer or op == "scan", answer
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()


@pytest.fixture(scope="module")
def bridge():
    bridge = Bridge()
    yield bridge
    bridge.close()


# What is pickled ---------------------------------------------------------------------------------------------------


class Plain:
    """An object with a `__dict__`."""


class Slotted:
    __slots__ = ("left", "right")


class Stateful:
    def __getstate__(self):
        return ("state", self.content)

    def __setstate__(self, state):
        assert state[0] == "state"
        self.content = state[1]


class Listing(list):
    """A list with attributes: items and state."""


class Mapping(dict):
    pass


class Keyworded:
    def __new__(cls, *, name):
        made = super().__new__(cls)
        made.name = name
        return made

    def __getnewargs_ex__(self):
        return (), {"name": self.name}


class Nested:
    class Inner:
        pass


Pair = collections.namedtuple("Pair", "first second")


class Token:
    """Kept outside of the pickle."""

    def __init__(self, ident):
        self.ident = ident


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.made = []

    def integer(self):
        r = self.random
        kind = r.randrange(6)
        if kind == 0:
            return r.choice([0, 1, -1, 127, 128, 255, 256, 65535, 65536, -128, -129, 2**31 - 1, -(2**31), 2**31, 2**32])
        if kind == 1:
            return r.choice([2**53 - 1, 2**53, 2**53 + 1, -(2**53), 2**63 - 1, 2**63, -(2**63), 2**64])
        if kind == 2:
            return r.getrandbits(r.randrange(1, 2100)) * r.choice([1, -1])
        return r.randrange(-1000, 100000)

    def real(self):
        r = self.random
        special = [0.0, -0.0, 1.0, math.inf, -math.inf, math.nan, 1e22, 1e21, 5e-324, 1.7976931348623157e308, 1e-7, 1e16]
        return r.choice(special) if r.random() < 0.5 else r.gauss(0, 10 ** r.randrange(-5, 20))

    def text(self):
        r = self.random
        alphabet = ["abcxyz", "\\\n\r\0\x1a'\"", "äöü€", "😀𝄞", "\ud800\udfff", "__proto__", "0123", "$ref"]
        kind = r.randrange(8)
        if kind == 0:
            return r.choice(["", "__proto__", "constructor", "0", "12", "01", "$int", "length", "x" * 255, "x" * 256, "é" * 130])
        parts = [r.choice(r.choice(alphabet)) for _ in range(r.randrange(12))]
        # A high and a low surrogate side by side are one character in JavaScript.
        return "".join("?" if a == "\ud800" and b == "\udfff" else a for a, b in zip(parts, parts[1:] + [""]))

    def data(self):
        return self.random.randbytes(self.random.choice([0, 1, 3, 255, 256, 300]))

    def key(self, depth=2):
        r = self.random
        kind = r.randrange(9)
        if kind < 4:
            return self.text()
        if kind == 4:
            return self.integer()
        if kind == 5:
            return r.choice([None, True, False, 1.5, 2.0, b"k", b""])
        if kind == 6 and depth:
            return tuple(self.key(depth - 1) for _ in range(r.randrange(4)))
        if kind == 7 and depth:
            return frozenset(self.key(depth - 1) for _ in range(r.randrange(3)))
        return self.integer()

    def value(self, depth):
        r = self.random
        if self.made and r.random() < 0.12:
            return r.choice(self.made)
        kind = r.randrange(22 if depth else 9)
        if kind < 9:
            return [None, True, False, self.integer(), self.real(), self.text(), self.data(), complex(self.real(), self.real()), bytearray(self.data())][kind]
        made = self.container(kind, depth - 1)
        return made

    def container(self, kind, depth):
        r = self.random
        size = r.choice([0, 1, 2, 3, 4, 5])
        if kind == 9 or kind == 10:
            made = []
            self.made.append(made)
            made.extend(self.value(depth) for _ in range(size))
        elif kind == 11 or kind == 12:
            made = {}
            self.made.append(made)
            for _ in range(size):
                made[self.key()] = self.value(depth)
        elif kind == 13 or kind == 14:
            made = tuple(self.value(depth) for _ in range(size))
            self.made.append(made)
        elif kind == 15:
            made = r.choice([set, frozenset])(self.key() for _ in range(size))
            self.made.append(made)
        elif kind == 16:
            made = collections.OrderedDict()
            self.made.append(made)
            for _ in range(size):
                made[self.key()] = self.value(depth)
            if r.random() < 0.3:
                made._metadata = self.value(depth)
        elif kind == 17:
            made = r.choice([Plain, Nested.Inner])()
            self.made.append(made)
            for name in "ab":
                setattr(made, name, self.value(depth))
        elif kind == 18:
            made = Slotted()
            self.made.append(made)
            made.left = self.value(depth)
        elif kind == 19:
            made = Stateful()
            self.made.append(made)
            made.content = self.value(depth)
        elif kind == 20:
            made = r.choice([Listing, Mapping, collections.Counter, collections.deque, collections.defaultdict])()
            self.made.append(made)
            if isinstance(made, Listing):
                made.extend(self.value(depth) for _ in range(size))
                made.label = self.value(depth)
            elif isinstance(made, Mapping):
                made["a"] = self.value(depth)
                made.label = self.value(depth)
        else:
            made = r.choice(
                [lambda: Pair(self.value(depth), self.value(depth)), lambda: Keyworded(name=self.text()), lambda: Plain, lambda: range(1, 7, 2), lambda: len, lambda: slice(1, 2, 3)]
            )()
        return made


# Whether two values are the same -----------------------------------------------------------------------------------


def same(left, right):
    """Equal in type, content, order and sharing."""
    pairs, back, work = {}, {}, [(left, right)]
    keep = [left, right]
    while work:
        a, b = work.pop()
        assert type(a) is type(b), (a, b)
        if isinstance(a, float):
            assert struct.pack("<d", a) == struct.pack("<d", b) or math.isnan(a) and math.isnan(b), (a, b)
            continue
        if a is None or isinstance(a, (bool, int, str, type, range, slice)) or callable(a) and not hasattr(a, "__dict__"):
            assert a == b, (a, b)
            continue
        if isinstance(a, complex):
            work += [(a.real, b.real), (a.imag, b.imag)]
            continue
        if id(a) in pairs or id(b) in back:
            assert pairs.get(id(a)) == id(b) and back.get(id(b)) == id(a), ("shared differently", type(a))
            continue
        if a not in ((), frozenset(), b"") and not (isinstance(a, bytes) and len(a) < 2):
            pairs[id(a)], back[id(b)] = id(b), id(a)
        if isinstance(a, (bytes, bytearray)):
            assert a == b
        elif isinstance(a, (set, frozenset)):
            assert sorted(map(describe, a)) == sorted(map(describe, b))
            work += zip(sorted(a, key=describe), sorted(b, key=describe))
        elif isinstance(a, (list, tuple, collections.deque)):
            assert len(a) == len(b), (a, b)
            work += zip(a, b)
        elif isinstance(a, dict):
            assert list(map(describe, a)) == list(map(describe, b))
            work += zip(a.values(), b.values())
        if isinstance(a, Slotted):
            work += [(getattr(a, name, None), getattr(b, name, None)) for name in Slotted.__slots__]
        if hasattr(a, "__dict__") and not isinstance(a, type):
            x, y = vars(a), vars(b)
            assert list(x) == list(y), (x, y)
            work += [(x[name], y[name]) for name in x]
        keep += [a, b]


def describe(key):
    """A key as text that tells apart what is not the same."""
    if isinstance(key, (frozenset, set)):
        return f"{type(key).__name__}{sorted(map(describe, key))}"
    if isinstance(key, tuple):
        return f"({','.join(map(describe, key))})"
    return f"{type(key).__name__}:{'' if isinstance(key, Plain) else repr(key)}"


def samples():
    made = []
    for seed in range(150):
        maker = Maker(seed)
        made.append((f"random {seed}", maker.value(4)))
    loop = []
    loop.append(loop)
    pair = ([],)
    pair[0].append(pair)
    four = ([], 1, 2, {})
    four[0].append(four)
    four[3]["self"] = four
    knot = Plain()
    knot.self = knot
    knot.both = (knot, [knot])
    ring = {Plain()}
    next(iter(ring)).ring = ring
    ice = frozenset([Plain(), 1])
    next(item for item in ice if item != 1).ice = ice
    table = {}
    table["self"] = table
    shared = [1]
    made += [("loop", loop), ("tuple in itself", pair), ("long tuple in itself", four), ("object in itself", knot)]
    made += [("set in its item", ring), ("frozenset in its item", ice), ("dict in itself", table)]
    made += [("shared", [shared, shared, (shared, shared)]), ("long list", list(range(2500)))]
    made += [("long dict", {f"key {at}": at for at in range(2500)}), ("long set", set(range(2500)))]
    made += [("text keys", {"__proto__": 1, "constructor": 2, "0": 3, "$ref": 4}), ("equal keys", {1: "a", 1.5: "b", (1, 2): "c"})]
    deep = []
    for _ in range(150):
        deep = [deep]
    made += [("deep", deep), ("many", [Pair(at, str(at)) for at in range(300)])]
    return made


SAMPLES = samples()


def code(data):
    return base64.b64encode(data).decode()


# The tests ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_reads_what_python_writes(bridge, protocol):
    for name, value in SAMPLES:
        if protocol < 2 and unsupported_by_python(value, protocol):
            continue
        data = pickle.dumps(value, protocol)
        answer = bridge.ask("read", pickle=code(data))
        assert answer["end"] == len(data), name
        assert answer["protocol"] == (protocol if protocol >= 2 else 0)
        try:
            same(typed_json.decode(answer["value"]), pickle.loads(data))
        except Exception as error:
            raise AssertionError(f"{name}, protocol {protocol}: {error}") from error


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_python_reads_what_is_written(bridge, protocol):
    for name, value in SAMPLES:
        answer = bridge.ask("write", value=typed_json.encode(value), protocol=protocol)
        try:
            same(pickle.loads(base64.b64decode(answer["pickle"])), value)
        except Exception as error:
            raise AssertionError(f"{name}, protocol {protocol}: {error}") from error


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_python_reads_what_is_rewritten(bridge, protocol):
    for name, value in SAMPLES:
        for source in PROTOCOLS:
            if source < 2 and unsupported_by_python(value, source):
                continue
            answer = bridge.ask("rewrite", pickle=code(pickle.dumps(value, source)), protocol=protocol)
            try:
                same(pickle.loads(base64.b64decode(answer["pickle"])), value)
            except Exception as error:
                raise AssertionError(f"{name}, protocol {source} to {protocol}: {error}") from error


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_opcodes_are_those_of_pickletools(bridge, protocol):
    for name, value in SAMPLES:
        if protocol < 2 and unsupported_by_python(value, protocol):
            continue
        data = pickle.dumps(value, protocol)
        expected = [[at, opcode.name, argument(opcode, arg)] for opcode, arg, at in pickletools.genops(data)]
        assert bridge.ask("disassemble", pickle=code(data))["opcodes"] == expected, name


def test_persistent_ids(bridge):
    class Pickler(pickle.Pickler):
        def persistent_id(self, value):
            return value.ident if isinstance(value, Token) else None

    class Unpickler(pickle.Unpickler):
        def persistent_load(self, ident):
            return Token(ident)

    for protocol in PROTOCOLS:
        ident = ("storage", "key") if protocol else "storage-key"
        out = io.BytesIO()
        Pickler(out, protocol).dump([Token(ident), {"other": Token(ident)}])
        answer = bridge.ask("read", pickle=code(out.getvalue()))
        decoded = typed_json.decode(answer["value"], Token)
        assert [decoded[0].ident, decoded[1]["other"].ident] == [ident, ident]
        back = base64.b64decode(bridge.ask("write", value=answer["value"], protocol=protocol)["pickle"])
        loaded = Unpickler(io.BytesIO(back)).load()
        assert [loaded[0].ident, loaded[1]["other"].ident] == [ident, ident]


def test_refuses_and_takes_the_same_as_python(bridge):
    """Damaged pickles: what the C unpickler loads, we read, and the other way round, as far as only data is concerned."""
    rng = random.Random(5)
    value = {"a": [1, 2.5, "text", b"bytes", (1, 2, 3, 4)], "b": {1, 2}, "c": 2**80, "d": None}
    for protocol in PROTOCOLS:
        data = pickle.dumps(value, protocol)
        for _ in range(250):
            damaged = bytearray(data)
            for _ in range(rng.choice([1, 1, 2])):
                damaged[rng.randrange(len(damaged))] = rng.randrange(256)
            try:
                expected = ForgivingUnpickler(io.BytesIO(bytes(damaged))).load()
            except Exception:
                continue
            bridge.process.stdin.write(json.dumps({"op": "read", "pickle": code(bytes(damaged))}) + "\n")
            bridge.process.stdin.flush()
            answer = json.loads(bridge.process.stdout.readline())
            assert "error" not in answer, (bytes(damaged), expected, answer)


class ForgivingUnpickler(pickle.Unpickler):
    def find_class(self, module, name):
        raise pickle.UnpicklingError("only data")


def unsupported_by_python(value, protocol):
    try:
        pickle.dumps(value, protocol)
        return False
    except Exception:
        return True


def argument(opcode, arg):
    """An argument as the bridge writes it. pickletools gives Python 2 strings as Latin-1 text and names as one text."""
    if opcode.name in ("GLOBAL", "INST"):
        return arg.split(" ", 1)
    if isinstance(arg, bool) or arg is None:
        return arg
    if isinstance(arg, (bytes, bytearray)):
        return {"$bytes": code(bytes(arg))}
    if isinstance(arg, int):
        return arg if abs(arg) < 2**53 else {"$int": str(arg)}
    if isinstance(arg, float):
        return {"$float": struct.pack(">d", arg).hex()}
    return arg
