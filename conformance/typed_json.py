"""Python values as the typed JSON of @torsh/pickle, and back. The rules are in packages/pickle/README.md."""

import _compat_pickle
import base64
import copyreg
import importlib
import math
import re

SCALARS = (type(None), bool, int, float, str)
INDEX = re.compile(r"(0|[1-9][0-9]*)\Z")


# From Python to JSON -----------------------------------------------------------------------------------------------


def encode(value, persistent=None):
    """The typed JSON of a value. `persistent` gives the id of an object that is kept outside, or None."""
    return _Encoder(persistent).run(value)


class _Encoder:
    def __init__(self, persistent):
        self.persistent = persistent or (lambda value: None)
        self.calls = {}
        self.keep = []
        self.numbers = {}

    def run(self, root):
        counts = {}
        self.shared = set()
        work = [root]
        while work:
            value = work.pop()
            if self.plain(value):
                continue
            if id(value) in counts:
                self.shared.add(id(value))
                continue
            counts[id(value)] = 1
            self.keep.append(value)
            work.extend(self.parts(value))
        return self.node(root)

    def plain(self, value):
        return isinstance(value, SCALARS) and type(value) in SCALARS or value == () and type(value) is tuple or is_name(value)

    def call(self, value):
        if id(value) not in self.calls:
            self.calls[id(value)] = reduced(value)
            self.keep.append(value)
        return self.calls[id(value)]

    def parts(self, value):
        pid = self.persistent(value)
        if pid is not None:
            return [pid]
        kind = type(value)
        if kind in (bytes, bytearray, complex):
            return []
        if kind in (list, tuple, set, frozenset):
            return list(value)
        if kind is dict:
            return [part for entry in value.items() for part in entry]
        how, callee, args, kwargs, state, items, entries = self.call(value)
        parts = [callee, args, *items] + [part for entry in entries for part in entry]
        return parts + ([] if kwargs is None else [kwargs]) + ([] if state is None else [state])

    def node(self, value):
        if self.plain(value):
            return self.scalar(value)
        if id(value) not in self.shared:
            return self.body(value)
        if id(value) in self.numbers:
            return {"$ref": self.numbers[id(value)]}
        number = self.numbers[id(value)] = len(self.numbers)
        return {"$def": [number, self.body(value)]}

    def scalar(self, value):
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return value if abs(value) < 2**53 else {"$int": str(value) if abs(value) < 10**4000 else hex(value)}
        if isinstance(value, float):
            return encode_float(value)
        if isinstance(value, str):
            lone = any(0xD800 <= ord(c) < 0xE000 for c in value)
            return {"$str": code_units(value)} if lone else value
        if value == ():
            return {"$tuple": []}
        return {"$global": [value.__module__, value.__qualname__]}

    def body(self, value):
        pid = self.persistent(value)
        if pid is not None:
            return {"$pid": self.node(pid)}
        kind = type(value)
        if kind in (bytes, bytearray):
            return {"$" + kind.__name__: base64.b64encode(value).decode()}
        if kind is complex:
            return {"$complex": [encode_float(value.real), encode_float(value.imag)]}
        if kind is list:
            return [self.node(item) for item in value]
        if kind in (tuple, set, frozenset):
            return {"$" + kind.__name__: [self.node(item) for item in value]}
        if kind is dict:
            if all(type(key) is str and is_plain_key(key) for key in value):
                return {key: self.node(item) for key, item in value.items()}
            return {"$dict": self.pairs(value.items())}
        how, callee, args, kwargs, state, items, entries = self.call(value)
        if how == "reduce" and is_name(callee) and callee.__qualname__ == "OrderedDict" and args == () and not items:
            body = {"$odict": self.pairs(entries)}
            if state is not None:
                body["state"] = self.node(state)
            return body
        body = {"how": how, "callee": self.node(callee), "args": self.node(args)}
        if kwargs is not None:
            body["kwargs"] = self.node(kwargs)
        if state is not None:
            body["states"] = [self.node(state)]
        if items:
            body["items"] = [self.node(item) for item in items]
        if entries:
            body["entries"] = self.pairs(entries)
        return {"$object": body}

    def pairs(self, entries):
        return [[self.node(key), self.node(item)] for key, item in entries]


def is_name(value):
    return isinstance(value, type) or callable(value) and hasattr(value, "__qualname__") and "<" not in value.__qualname__


def is_plain_key(key):
    lone = any(0xD800 <= ord(c) < 0xE000 for c in key)
    return not (key == "__proto__" or key.startswith("$") or INDEX.match(key) or lone)


def encode_float(value):
    if math.isnan(value):
        return {"$float": "nan"}
    if math.isinf(value):
        return {"$float": "inf" if value > 0 else "-inf"}
    return {"$float": repr(value)} if value == int(value) else value


def code_units(text):
    data = text.encode("utf-16-le", "surrogatepass")
    return [data[at] | data[at + 1] << 8 for at in range(0, len(data), 2)]


def reduced(value):
    """What `pickle` would call to make this value: how, callee, args, kwargs, state, items, entries."""
    how, callee = "reduce", None
    callee, args, *rest = value.__reduce_ex__(4)
    state, items, entries = (rest + [None] * 3)[:3]
    kwargs = None
    if callee is copyreg.__newobj__:
        how, callee, args = "newobj", args[0], tuple(args[1:])
    elif callee is copyreg.__newobj_ex__:
        how, (callee, args, kwargs) = "newobj_ex", args
    return how, callee, args, kwargs, state, list(items or []), list(entries or [])


# From JSON to Python -----------------------------------------------------------------------------------------------


def decode(json, persistent=None):
    """The value of some typed JSON. Calls are made: only for JSON that one trusts."""
    decoder = _Decoder(persistent)
    decoder.find(json)
    queue = []
    value = decoder.make(json, queue, None)
    decoder.fill(queue)
    return value


class _Decoder:
    """Containers are made empty and filled at the end, so that a cycle finds what it refers to."""

    def __init__(self, persistent):
        self.persistent = persistent
        self.known = {}
        self.defined = {}

    def find(self, root):
        """What each number stands for: filling at the end means that a reference may come before its definition."""
        work = [root]
        while work:
            json = work.pop()
            if isinstance(json, dict):
                if "$def" in json:
                    self.defined[json["$def"][0]] = json["$def"][1]
                work.extend(json.values())
            elif isinstance(json, list):
                work.extend(json)

    def fill(self, queue):
        while queue:
            queue.pop(0)()

    def make(self, json, queue, number):
        value = self.build(json, queue, number)
        return value

    def keep(self, number, value):
        if number is not None:
            self.known[number] = value
        return value

    def build(self, json, queue, number=None):
        make = lambda part: self.make(part, queue, None)
        if json is None or isinstance(json, (bool, int, float, str)):
            return json
        if isinstance(json, list):
            value = self.keep(number, [])
            queue.append(lambda: value.extend([make(part) for part in json]))
            return value
        tag = next((name for name in json if name.startswith("$")), None)
        if tag is None:
            value = self.keep(number, {})
            queue.append(lambda: value.update({key: make(part) for key, part in json.items()}))
            return value
        body = json[tag]
        if tag == "$def":
            return self.known[body[0]] if body[0] in self.known else self.build(body[1], queue, body[0])
        if tag == "$ref":
            return self.known[body] if body in self.known else self.build(self.defined[body], queue, body)
        if tag == "$float":
            return float(body)
        if tag == "$int":
            return int(body, 0)
        if tag == "$str":
            return b"".join(unit.to_bytes(2, "little") for unit in body).decode("utf-16-le", "surrogatepass")
        if tag in ("$bytes", "$bytearray"):
            return self.keep(number, {"$bytes": bytes, "$bytearray": bytearray}[tag](base64.b64decode(body)))
        if tag == "$complex":
            return self.keep(number, complex(*[make(part) for part in body]))
        if tag == "$global":
            return resolve(*body)
        if tag == "$tuple":
            return self.keep(number, tuple([make(part) for part in body]))
        if tag == "$frozenset":
            return self.keep(number, frozenset([make(part) for part in body]))
        if tag == "$set":
            value = self.keep(number, set())
            queue.append(lambda: value.update([self.whole(part) for part in body]))
            return value
        if tag == "$dict":
            value = self.keep(number, {})
            queue.append(lambda: self.enter(value, body, queue))
            return value
        if tag == "$odict":
            value = self.keep(number, resolve("collections", "OrderedDict")())
            queue.append(lambda: self.enter(value, body, queue))
            if "state" in json:
                queue.append(lambda: build_state(value, make(json["state"]), queue))
            return value
        if tag == "$pid":
            return self.keep(number, self.persistent(self.whole(body)))
        if tag == "$object":
            return self.object(body, queue, number)
        raise ValueError(f"unknown tag {tag}")

    def whole(self, json):
        queue = []
        value = self.make(json, queue, None)
        self.fill(queue)
        return value

    def enter(self, value, pairs, queue):
        for key, item in pairs:
            made = self.whole(key)
            value[made] = self.make(item, queue, None)

    def object(self, body, queue, number):
        callee = self.whole(body["callee"])
        args = self.whole(body["args"])
        if body["how"] == "newobj":
            value = callee.__new__(callee, *args)
        elif body["how"] == "newobj_ex":
            value = callee.__new__(callee, *args, **self.whole(body["kwargs"]))
        else:
            value = callee(*args)
        self.keep(number, value)
        if "items" in body:
            queue.append(lambda: value.extend([self.make(part, queue, None) for part in body["items"]]))
        if "entries" in body:
            queue.append(lambda: self.enter(value, body["entries"], queue))
        for state in body.get("states", []):
            queue.append(lambda: build_state(value, self.make(state, queue, None), queue))
        return value


def resolve(module, name):
    if (module, name) in _compat_pickle.NAME_MAPPING:
        module, name = _compat_pickle.NAME_MAPPING[module, name]
    module = {"__builtin__": "builtins", "copy_reg": "copyreg"}.get(module, module)
    value = importlib.import_module(module)
    for part in name.split("."):
        value = getattr(value, part)
    return value


def build_state(value, state, queue=None):
    # The state itself may still be empty: it is applied after it has been filled.
    def apply():
        if hasattr(value, "__setstate__"):
            value.__setstate__(state)
            return
        attributes, slots = state if isinstance(state, tuple) and len(state) == 2 else (state, None)
        if attributes:
            value.__dict__.update(attributes)
        for name, item in (slots or {}).items():
            setattr(value, name, item)

    if queue is None:
        apply()
    else:
        queue.append(apply)
