"""The oracle for TorchScript: Python's own unpickler and torch's own calls, with an empty class for each compiled one."""

import pickle
import zipfile
from io import BytesIO
from pathlib import Path

import torch
import torch.jit._pickle
from flatten import Flat, flatten


class Compiled(list):
    """An object of a compiled class: fields by name, or whatever the class has made of its state, by position."""

    def __setstate__(self, state: object) -> None:
        if isinstance(state, dict):
            self.__dict__.update(state)
        elif isinstance(state, tuple | list):
            self.extend(state)
        else:
            self.append(state)


STORAGES = {
    'DoubleStorage': torch.float64, 'FloatStorage': torch.float32, 'HalfStorage': torch.float16,
    'BFloat16Storage': torch.bfloat16, 'LongStorage': torch.int64, 'IntStorage': torch.int32,
    'ShortStorage': torch.int16, 'CharStorage': torch.int8, 'ByteStorage': torch.uint8, 'BoolStorage': torch.bool,
    'ComplexDoubleStorage': torch.complex128, 'ComplexFloatStorage': torch.complex64,
    'ComplexHalfStorage': torch.complex32, 'UInt16Storage': torch.uint16, 'UInt32Storage': torch.uint32,
    'UInt64Storage': torch.uint64, 'Float8_e5m2Storage': torch.float8_e5m2,
    'Float8_e4m3fnStorage': torch.float8_e4m3fn, 'Float8_e5m2fnuzStorage': torch.float8_e5m2fnuz,
    'Float8_e4m3fnuzStorage': torch.float8_e4m3fnuz, 'Float8_e8m0fnuStorage': torch.float8_e8m0fnu,
    'QInt8Storage': torch.qint8, 'QUInt8Storage': torch.quint8, 'QInt32Storage': torch.qint32,
}  # fmt: skip


def sparse(layout: int, size: tuple, requires_grad: bool, *parts: object) -> torch.Tensor:
    """TorchScript's own order of arguments, which Python's function of this name does not know."""
    if layout == 1:
        return torch.sparse_coo_tensor(parts[0], parts[1], size)
    return torch.sparse_csr_tensor(parts[0], parts[1], parts[2], size)


class Reader(pickle._Unpickler):
    """Python's unpickler, in Python: it may call something with what is no tuple, as TorchScript does for enums."""

    dispatch = dict(pickle._Unpickler.dispatch)

    def __init__(self, archive: zipfile.ZipFile, folder: str, name: str) -> None:
        super().__init__(BytesIO(archive.read(f'{folder}/{name}.pkl')))
        self.archive, self.folder, self.name = archive, folder, name
        order = f'{folder}/byteorder'
        self.big = order in archive.namelist() and archive.read(order) == b'big'
        self.storages: dict[str, torch.storage.TypedStorage] = {}

    def find_class(self, module: str, name: str) -> object:
        if module.partition('.')[0] == '__torch__':
            return type(name, (Compiled,), {})
        if module == 'torch' and name in STORAGES:
            return STORAGES[name]
        if name == '_rebuild_sparse_tensor':
            return sparse
        return super().find_class(module, name)

    def persistent_load(self, pid: tuple) -> torch.storage.TypedStorage:
        kind, dtype, key, location, numel = pid
        assert kind == 'storage'
        if location == 'meta':
            return torch.storage.TypedStorage(
                wrap_storage=torch.UntypedStorage(numel * dtype.itemsize, device='meta'), dtype=dtype, _internal=True
            )
        if key not in self.storages:
            content = bytearray(self.archive.read(f'{self.folder}/{self.name}/{key}'))
            if self.big:
                width = dtype.itemsize // (2 if dtype.is_complex else 1)
                content = bytearray().join(content[at : at + width][::-1] for at in range(0, len(content), width))
            raw = torch.frombuffer(content, dtype=torch.uint8) if content else torch.empty(0, dtype=torch.uint8)
            self.storages[key] = torch.storage.TypedStorage(
                wrap_storage=raw.untyped_storage(), dtype=dtype, _internal=True
            )
        return self.storages[key]

    def load_reduce(self) -> None:
        if isinstance(self.stack[-1], tuple):
            super().load_reduce()
        else:
            self.stack.pop()
            self.stack[-1] = None

    dispatch[pickle.REDUCE[0]] = load_reduce


def whole(path: Path) -> tuple[Flat, Flat]:
    """Every tensor of the module and of its constants, each under the way that leads to it."""
    with zipfile.ZipFile(path) as archive:
        folder = archive.namelist()[0].partition('/')[0]
        module = Reader(archive, folder, 'data').load()
        constants = Reader(archive, folder, 'constants').load()
    return flatten(module), flatten({f'c{index}': value for index, value in enumerate(constants)})
