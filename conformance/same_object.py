"""Whether two loaded objects are one object twice: structure, exact types, sharing, and every bit of every tensor."""

import re
import struct
import weakref

import numpy
import torch

SCALARS = (str, bytes, bytearray, int, bool, type(None))


def assert_same(a: object, b: object, *, shown: bool = True) -> None:
    """Raises with the way to the first difference. `shown`: storages may differ in bytes that no tensor shows."""
    Comparison(shown).visit(a, b, 'top')


class Comparison:
    """Walks two objects in step; what is one object on the left must be one object on the right, and the other way."""

    def __init__(self, shown: bool) -> None:
        self.shown = shown
        self.pairs: dict[int, int] = {}
        self.back: dict[int, int] = {}
        self.storages: dict[int, int] = {}
        self.storages_back: dict[int, int] = {}
        self.alive: list[object] = []

    def visit(self, a: object, b: object, path: str) -> None:
        # A graph module makes its class as it is loaded.
        assert type(a) is type(b) or str(type(a)) == str(type(b)), f'{path}: {type(a)} became {type(b)}'
        if isinstance(a, weakref.ref):
            self.visit(a(), b(), path)
            return
        if isinstance(a, SCALARS) and type(a) in SCALARS:
            # Code that torch.fx makes is numbered as it is made.
            left, right = (re.sub(r'<eval_with_key>\.\d+', '<code>', x) if isinstance(x, str) else x for x in (a, b))
            assert left == right, f'{path}: {a!r} became {b!r}'
            return
        if isinstance(a, float):
            assert struct.pack('d', a) == struct.pack('d', b), f'{path}: {a!r} became {b!r}'
            return
        if isinstance(a, (complex, type, torch.dtype, torch.device, torch.layout, torch.qscheme, numpy.dtype)) or callable(a) and not hasattr(a, '__dict__'):
            assert repr(a) == repr(b), f'{path}: {a!r} became {b!r}'
            return
        if type(a) is tuple and a == ():
            assert b == (), path
            return
        if id(a) in self.pairs:
            assert self.pairs[id(a)] == id(b), f'{path}: one object became two'
            return
        assert id(b) not in self.back or b is a, f'{path}: two objects became one'
        self.pairs[id(a)], self.back[id(b)] = id(b), id(a)
        self.alive += [a, b]
        if isinstance(a, torch.Tensor):
            self.tensor(a, b, path)
        elif isinstance(a, (torch.UntypedStorage, torch.storage.TypedStorage)):
            self.bare(a, b, path)
        elif isinstance(a, numpy.ndarray) or isinstance(a, numpy.generic):
            assert a.dtype == b.dtype and a.shape == b.shape, path
            if a.dtype.hasobject:
                self.visit(a.tolist(), b.tolist(), path)
            else:
                assert a.tobytes() == b.tobytes(), path
            assert getattr(a, 'strides', ()) == getattr(b, 'strides', ()), f'{path}: order of the axes'
            assert a.flags.writeable == b.flags.writeable, f'{path}: whether it can be written to'
        elif isinstance(a, dict):
            self.sequence(list(a.keys()), list(b.keys()), f'{path} keys')
            self.sequence(list(a.values()), list(b.values()), path)
        elif isinstance(a, (list, tuple)) or type(a).__name__ == 'deque':
            self.sequence(list(a), list(b), path)
        elif isinstance(a, (set, frozenset)):
            assert sorted(map(repr, a)) == sorted(map(repr, b)), path
        elif not hasattr(a, '__dict__') and not hasattr(type(a), '__slots__'):
            assert repr(a) == repr(b), f'{path}: {a!r} became {b!r}'
        self.attributes(a, b, path)

    def sequence(self, a: list, b: list, path: str) -> None:
        assert len(a) == len(b), f'{path}: {len(a)} items became {len(b)}'
        for index, (left, right) in enumerate(zip(a, b, strict=True)):
            self.visit(left, right, f'{path}[{index}]')

    def attributes(self, a: object, b: object, path: str) -> None:
        left, right = getattr(a, '__dict__', {}), getattr(b, '__dict__', {})
        if isinstance(a, torch.UntypedStorage):
            # What the loader of old files remembers for itself.
            left, right = ({key: each for key, each in said.items() if key != '_torch_load_uninitialized'} for said in (left, right))
        assert list(left) == list(right), f'{path}: attributes {list(left)} became {list(right)}'
        for name in left:
            self.visit(left[name], right[name], f'{path}.{name}')
        for cls in type(a).__mro__:
            slots = cls.__dict__.get('__slots__', ())
            for name in [slots] if isinstance(slots, str) else slots:
                if name in ('__dict__', '__weakref__') or cls.__module__ in ('builtins', 'collections', 'pathlib'):
                    continue
                assert hasattr(a, name) == hasattr(b, name), f'{path}.{name}'
                if hasattr(a, name):
                    self.visit(getattr(a, name), getattr(b, name), f'{path}.{name}')

    def tensor(self, a: torch.Tensor, b: torch.Tensor, path: str) -> None:
        for what in ('dtype', 'layout', 'requires_grad', 'is_nested', 'is_meta', 'is_quantized', 'is_sparse'):
            assert getattr(a, what) == getattr(b, what), f'{path}: {what}'
        assert str(a.device) == str(b.device), f'{path}: device'
        if a.is_nested:
            for left, right in zip(parts_of_nested(a), parts_of_nested(b), strict=True):
                self.tensor(left, right, f'{path} (nested)')
            return
        if isinstance(a, torch.nn.parameter.UninitializedTensorMixin):
            return
        assert a.shape == b.shape, f'{path}: shape'
        if a.layout is not torch.strided:
            names = {
                torch.sparse_coo: ('_indices', '_values'),
                torch.sparse_csr: ('crow_indices', 'col_indices', 'values'),
                torch.sparse_bsr: ('crow_indices', 'col_indices', 'values'),
                torch.sparse_csc: ('ccol_indices', 'row_indices', 'values'),
                torch.sparse_bsc: ('ccol_indices', 'row_indices', 'values'),
            }[a.layout]
            for name in names:
                self.tensor(getattr(a, name)(), getattr(b, name)(), f'{path}.{name}')
            if a.layout is torch.sparse_coo:
                assert a.is_coalesced() == b.is_coalesced(), path
            return
        assert a.stride() == b.stride() and a.storage_offset() == b.storage_offset(), f'{path}: stride or offset'
        assert a.is_conj() == b.is_conj() and a.is_neg() == b.is_neg(), f'{path}: conj or neg'
        if a.is_quantized:
            assert a.qscheme() == b.qscheme(), path
            if a.qscheme() in (torch.per_tensor_affine, torch.per_tensor_symmetric):
                assert (a.q_scale(), a.q_zero_point()) == (b.q_scale(), b.q_zero_point()), path
            else:
                assert a.q_per_channel_axis() == b.q_per_channel_axis(), path
                self.tensor(a.q_per_channel_scales(), b.q_per_channel_scales(), f'{path} scales')
                self.tensor(a.q_per_channel_zero_points(), b.q_per_channel_zero_points(), f'{path} zero points')
        if a.is_meta or is_wrapper(a):
            return
        self.storage(a.untyped_storage(), b.untyped_storage(), path)
        assert raw(a) == raw(b), f'{path}: bytes'

    def bare(self, a: object, b: object, path: str) -> None:
        if isinstance(a, torch.storage.TypedStorage):
            assert a.dtype == b.dtype, path
            a, b = a.untyped(), b.untyped()
        self.storage(a, b, path)
        assert bytes(a) == bytes(b), path

    def storage(self, a: torch.UntypedStorage, b: torch.UntypedStorage, path: str) -> None:
        assert a.nbytes() == b.nbytes(), f'{path}: a storage of {a.nbytes()} bytes became one of {b.nbytes()}'
        assert self.storages.setdefault(a._cdata, b._cdata) == b._cdata, f'{path}: shares its storage no more'
        assert self.storages_back.setdefault(b._cdata, a._cdata) == a._cdata, f'{path}: shares a storage now'
        assert self.shown or bytes(a) == bytes(b), f'{path}: bytes of the storage'
        self.alive += [a, b]


def is_wrapper(tensor: torch.Tensor) -> bool:
    return torch._C._dispatch_keys(tensor).has(torch._C.DispatchKey.Python) or tensor.untyped_storage()._cdata == 0


def parts_of_nested(tensor: torch.Tensor) -> list[torch.Tensor]:
    return [
        tensor.values(),
        tensor._nested_tensor_size(),
        tensor._nested_tensor_strides(),
        tensor._nested_tensor_storage_offsets(),
    ]


def raw(tensor: torch.Tensor) -> bytes:
    """The elements as they lie in the storage, in the order of the tensor."""
    storage = tensor.untyped_storage()
    packed = {torch.quint4x2: 2, torch.quint2x4: 4}.get(tensor.dtype)
    if packed:
        start = tensor.storage_offset() // packed
        return bytes(storage)[start : start + -(-tensor.numel() // packed)]
    width = tensor.element_size()
    flat = torch.empty(0, dtype=torch.uint8).set_(storage)
    axes = [(n, step * width) for n, step in zip(tensor.shape, tensor.stride(), strict=True) if n != 1]
    shape, strides = zip(*axes, (width, 1), strict=True)
    return torch.as_strided(flat, shape, strides, tensor.storage_offset() * width).contiguous().numpy().tobytes()
