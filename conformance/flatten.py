"""The oracle: names, element types, shapes and bytes of every tensor in what real torch loaded.

It follows the naming rule that the documentation gives and shares no code with the readers that it judges.
"""

import functools
import hashlib
import math
import types
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePath

import numpy
import torch

NAMES: dict[torch.dtype, str] = {
    torch.float64: 'F64', torch.float32: 'F32', torch.float16: 'F16', torch.bfloat16: 'BF16',
    torch.int64: 'I64', torch.int32: 'I32', torch.int16: 'I16', torch.int8: 'I8',
    torch.uint64: 'U64', torch.uint32: 'U32', torch.uint16: 'U16', torch.uint8: 'U8', torch.bool: 'BOOL',
    torch.complex128: 'C128', torch.complex64: 'C64', torch.complex32: 'C32',
    torch.float8_e4m3fn: 'F8_E4M3', torch.float8_e5m2: 'F8_E5M2', torch.float8_e8m0fnu: 'F8_E8M0',
    torch.float8_e4m3fnuz: 'F8_E4M3FNUZ', torch.float8_e5m2fnuz: 'F8_E5M2FNUZ', torch.float4_e2m1fn_x2: 'F4',
    torch.qint8: 'QI8', torch.quint8: 'QU8', torch.qint32: 'QI32', torch.quint4x2: 'QU4X2', torch.quint2x4: 'QU2X4',
    torch.bits8: 'BITS8', torch.bits1x8: 'BITS1X8', torch.bits2x4: 'BITS2X4', torch.bits4x2: 'BITS4X2',
    torch.bits16: 'BITS16',
}  # fmt: skip

# Values that hold no tensors, or none that a pickle has.
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, functools.partial)
LEAVES = (type, Enum, PurePath, numpy.ndarray, numpy.generic, *FUNCTIONS)

# Where a module keeps its state dict.
STATE = ('_parameters', '_buffers', '_modules')

# Values of a quantised type that share a byte.
PACKED = {torch.quint4x2: 2, torch.quint2x4: 4}

# What a safetensors file calls the types that it lacks: (type, what happens to the shape).
STORED_AS = {
    'C32': ('F16', 'pair'), 'C128': ('F64', 'pair'),
    'QI8': ('I8', 'same'), 'QU8': ('U8', 'same'), 'QI32': ('I32', 'same'),
    'QU4X2': ('U8', 'flat'), 'QU2X4': ('U8', 'flat'),
    'BITS8': ('U8', 'same'), 'BITS1X8': ('U8', 'same'), 'BITS2X4': ('U8', 'same'), 'BITS4X2': ('U8', 'same'),
    'BITS16': ('U16', 'same'),
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """One tensor: its bytes are dense, row-major, little-endian."""

    name: str
    dtype: str
    shape: list[int]
    data: bytes

    def summary(self) -> dict:
        return {
            'name': self.name,
            'dtype': self.dtype,
            'shape': self.shape,
            'sha256': hashlib.sha256(self.data).hexdigest(),
        }

    def stored(self) -> tuple[str, list[int]]:
        """Element type and shape in a safetensors file."""
        dtype, change = STORED_AS.get(self.dtype, (self.dtype, 'same'))
        return dtype, {'same': self.shape, 'pair': [*self.shape, 2], 'flat': [len(self.data)]}[change]


@dataclass
class Flat:
    """All tensors by name, and the other names of some of them."""

    tensors: dict[str, Found] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    def summary(self) -> dict:
        return {'tensors': [tensor.summary() for tensor in self.tensors.values()], 'aliases': self.aliases}


@dataclass
class Whole(Flat):
    """What a reader must find, and apart from it what modules hold besides their state dicts."""

    extra: Flat = field(default_factory=Flat)

    def summary(self) -> dict:
        extra = {'extra': self.extra.summary()} if self.extra.tensors else {}
        return {**super().summary(), **extra}


def flatten(top: object) -> Whole:
    walk = Walk()
    if isinstance(top, torch.Tensor):
        walk.visit(top, ('tensor',))
    elif is_storage(top):
        walk.visit(top, ('storage',))
    else:
        walk.visit(top, ())
    walk.visit_rest()
    return walk.whole


def is_storage(value: object) -> bool:
    return isinstance(value, torch.UntypedStorage | torch.storage.TypedStorage)


class Walk:
    """Depth first, in the order of the file; a container is entered again by another path, but not within itself."""

    def __init__(self) -> None:
        self.whole = Whole()
        self.flat: Flat = self.whole
        self.owners: dict[object, tuple[Flat, str]] = {}
        self.inside: set[int] = set()
        # What modules hold besides their state dicts, by the first way to each of them.
        self.rest: dict[int, tuple[object, tuple[str, ...]]] = {}

    def visit(self, value: object, path: tuple[str, ...]) -> None:
        if id(value) in self.inside:
            return
        self.inside.add(id(value))
        if isinstance(value, torch.Tensor):
            self.tensor(value, path)
        elif is_storage(value):
            self.storage(value, path)
        elif isinstance(value, torch.nn.Module):
            self.module(value, path)
        else:
            for segment, child in children(value):
                self.visit(child, (*path, segment))
        self.inside.remove(id(value))

    def module(self, value: torch.nn.Module, path: tuple[str, ...]) -> None:
        for name, item in value.state_dict(keep_vars=True).items():
            if not isinstance(item, torch.Tensor):
                self.visit(item, (*path, name))
                continue
            for suffix, part in components(item):
                self.add(part, (*path, name, *suffix), owner=(id(item), suffix))
            self.rest.setdefault(id(item), (item, (*path, name)))
        for name, module in value.named_modules(remove_duplicate=True):
            self.rest.setdefault(id(module), (module, (*path, *name.split('.')) if name else path))

    def visit_rest(self) -> None:
        self.flat = self.whole.extra
        done = 0
        while done < len(self.rest):
            value, path = list(self.rest.values())[done]
            done += 1
            for segment, child in rest_of(value):
                self.visit(child, (*path, segment))

    def tensor(self, value: torch.Tensor, path: tuple[str, ...]) -> None:
        for suffix, part in components(value):
            self.add(part, (*path, *suffix), owner=(id(value), suffix))
        for segment, child in attributes(value):
            self.visit(child, (*path, segment))

    def storage(self, value: object, path: tuple[str, ...]) -> None:
        typed = isinstance(value, torch.storage.TypedStorage)
        dtype = value.dtype if typed else torch.uint8
        raw = value.untyped() if typed else value
        self.add(torch.empty(0, dtype=dtype).set_(raw), path, owner=(id(value), ()))

    def add(self, tensor: torch.Tensor, path: tuple[str, ...], owner: object) -> None:
        place = (
            tensor.untyped_storage()._cdata, tensor.storage_offset(), tensor.shape, tensor.stride(), tensor.dtype,
            tensor.is_conj(), tensor.is_neg(),
        )  # fmt: skip
        # Tensors without elements lie nowhere: only the same object is the same tensor.
        key = place if tensor.numel() > 0 else owner
        flat, owned = self.owners.get(key, (self.flat, None))
        if flat is not self.flat:
            return
        name = self.free('.'.join(path).replace('\0', '_') or '_')
        if owned is not None:
            self.flat.aliases[name] = owned
            return
        self.owners[key] = self.flat, name
        shape = list(tensor.shape)
        if tensor.dtype is torch.float4_e2m1fn_x2:
            shape[-1] *= 2
        self.flat.tensors[name] = Found(name, NAMES[tensor.dtype], shape, dense_bytes(tensor))

    def free(self, name: str) -> str:
        taken = self.flat.tensors.keys() | self.flat.aliases.keys()
        candidate, number = name, 2
        while candidate in taken:
            candidate, number = f'{name}~{number}', number + 1
        return candidate


def children(value: object) -> Iterator[tuple[str, object]]:
    """What a value holds, with the path segment of each."""
    if isinstance(value, LEAVES):
        return
    if isinstance(value, dict):
        for key, item in value.items():
            yield segment_of(key), item
    elif isinstance(value, list | tuple | set | frozenset | deque):
        for index, item in enumerate(value):
            yield str(index), item
    yield from attributes(value)


def segment_of(key: object) -> str:
    return key if type(key) is str else repr(key)


def attributes(value: object) -> Iterator[tuple[str, object]]:
    """The state of an object: its dict, then its slots."""
    yield from getattr(value, '__dict__', {}).items()
    for cls in type(value).__mro__:
        slots = () if cls.__module__ in ('builtins', 'collections') else cls.__dict__.get('__slots__', ())
        yield from ((name, getattr(value, name)) for name in slots if hasattr(value, name))


def rest_of(value: object) -> Iterator[tuple[str, object]]:
    """What of a module, or of a tensor in a state dict, is in no state dict."""
    if not isinstance(value, torch.nn.Module):
        yield from attributes(value)
        return
    hidden = getattr(value, '_non_persistent_buffers_set', ())
    yield from ((name, buffer) for name, buffer in value._buffers.items() if name in hidden)
    yield from ((name, item) for name, item in vars(value).items() if name not in STATE)


def components(value: torch.Tensor) -> Iterator[tuple[tuple[str, ...], torch.Tensor]]:
    """The dense tensors that a tensor consists of; none for those without data."""
    if torch.nn.parameter.is_lazy(value) or value.is_meta or is_wrapper(value):
        return
    if value.is_nested:
        yield ('buffer',), value.values()
        yield ('sizes',), value._nested_tensor_size()
        yield ('strides',), value._nested_tensor_strides()
        yield ('offsets',), value._nested_tensor_storage_offsets()
    elif value.layout is torch.sparse_coo:
        yield ('indices',), value._indices()
        yield ('values',), value._values()
    elif value.layout in (torch.sparse_csr, torch.sparse_bsr):
        yield ('crow_indices',), value.crow_indices()
        yield ('col_indices',), value.col_indices()
        yield ('values',), value.values()
    elif value.layout in (torch.sparse_csc, torch.sparse_bsc):
        yield ('ccol_indices',), value.ccol_indices()
        yield ('row_indices',), value.row_indices()
        yield ('values',), value.values()
    else:
        yield (), value.as_subclass(torch.Tensor).detach()
        if value.is_quantized and value.qscheme() not in (torch.per_tensor_affine, torch.per_tensor_symmetric):
            yield ('scales',), value.q_per_channel_scales()
            yield ('zero_points',), value.q_per_channel_zero_points()


def is_wrapper(value: torch.Tensor) -> bool:
    return type(value).__torch_dispatch__ is not torch.Tensor.__torch_dispatch__


def dense_bytes(tensor: torch.Tensor) -> bytes:
    """Gathers elements by their strides without looking at them, so that no bit can change on the way."""
    if tensor.is_conj() or tensor.is_neg():
        tensor = tensor.resolve_conj().resolve_neg()
    if tensor.numel() == 0:
        return b''
    storage = torch.empty(0, dtype=torch.uint8).set_(tensor.untyped_storage()).numpy()
    if tensor.dtype in PACKED:
        return storage[: math.ceil(tensor.numel() / PACKED[tensor.dtype])].tobytes()
    size = tensor.element_size()
    elements = storage.view(numpy.dtype(f'V{size}'))[tensor.storage_offset() :]
    # numpy stops at 64 dimensions; those of length 1 change nothing.
    kept = [(length, stride * size) for length, stride in zip(tensor.shape, tensor.stride(), strict=True) if length > 1]
    view = numpy.lib.stride_tricks.as_strided(elements, [length for length, _ in kept], [stride for _, stride in kept])
    return view.tobytes()
