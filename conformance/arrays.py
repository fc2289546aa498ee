"""The oracle for pickles of arrays and tensors: names, element types, shapes and bytes of what the real libraries load.

It needs numpy only; where torch is there, it knows tensors too. It shares no code with the readers that it judges.
"""

import hashlib
import math
import pickle
from collections.abc import Iterator

import numpy

NAMES = {
    'f8': 'F64', 'f4': 'F32', 'f2': 'F16', 'c16': 'C128', 'c8': 'C64', 'i8': 'I64', 'i4': 'I32', 'i2': 'I16',
    'i1': 'I8', 'u8': 'U64', 'u4': 'U32', 'u2': 'U16', 'u1': 'U8', 'b1': 'BOOL',
}  # fmt: skip


def loaded(data: bytes) -> object:
    """What the file holds; the objects of several pickles are the items of a list."""
    objects = []
    while data:
        stream = Counting(data)
        objects.append(pickle.Unpickler(stream, encoding='latin1').load())
        data = data[stream.at :]
    return objects[0] if len(objects) == 1 else objects


class Counting:
    """A file that gives an unpickler only what it asks for, so that the end of a pickle is known."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def read(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]

    def readline(self) -> bytes:
        start = self.at
        self.at = self.data.index(b'\n', start) + 1
        return self.data[start : self.at]


def described(top: object) -> dict:
    """All tensors by name, and the other names of those that are one object."""
    tensors: dict[str, dict] = {}
    aliases: dict[str, str] = {}
    owners: dict[int, str] = {}
    for path, value in walk(top, ()):
        name = '.'.join(path) or ('array' if isinstance(value, numpy.ndarray) else 'tensor')
        if id(value) in owners:
            aliases[name] = owners[id(value)]
            continue
        owners[id(value)] = name
        dtype, shape, data = contents(value)
        tensors[name] = {'name': name, 'dtype': dtype, 'shape': shape, 'sha256': hashlib.sha256(data).hexdigest()}
    return {'tensors': [*tensors.values()], 'aliases': aliases}


def walk(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(value, numpy.ndarray):
        if value.dtype.str[1:] in NAMES:
            yield path, value
        elif value.dtype.hasobject and value.dtype.names is None:
            for index, item in enumerate(value.ravel(order='K')):
                yield from walk(item, (*path, str(index)))
    elif is_tensor(value):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from walk(item, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from walk(item, (*path, str(index)))
    elif hasattr(value, '__dict__') and not isinstance(value, type):
        yield from walk(vars(value), path)


def is_tensor(value: object) -> bool:
    return type(value).__module__.split('.')[0] == 'torch' and hasattr(value, 'untyped_storage')


def contents(value) -> tuple[str, list[int], bytes]:
    """Dense, row-major, little-endian."""
    if not is_tensor(value):
        little = value.astype(value.dtype.newbyteorder('<')) if value.dtype.byteorder == '>' else value
        return NAMES[value.dtype.str[1:]], list(value.shape), numpy.asarray(little).tobytes('C')
    import torch

    if value.dtype is torch.bfloat16:
        return 'BF16', list(value.shape), value.detach().contiguous().view(torch.int16).numpy().tobytes()
    array = value.detach().contiguous().numpy()
    assert math.prod(array.shape) == value.numel()
    return NAMES[array.dtype.str[1:]], list(array.shape), array.tobytes('C')
