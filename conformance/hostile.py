"""Checkpoints that nobody's torch would write: pickles and ZIPs with whatever one likes in them."""

import collections
import io
import pickle
import struct
import warnings
import zipfile
from dataclasses import dataclass

import torch
from torch_save_classes import Call


@dataclass(frozen=True)
class Id:
    """Pickles as a persistent id."""

    value: object


def storage(key: str = '0', numel: int = 4, kind: object = torch.FloatStorage) -> Id:
    return Id(('storage', kind, key, 'cpu', numel))


def tensor(offset: object = 0, size: object = (4,), stride: object = (1,), of: object = None) -> Call:
    """A rebuild call with any geometry; the storage has four floats unless another is given."""
    hooks = collections.OrderedDict()
    return Call(torch._utils._rebuild_tensor_v2, of or storage(), offset, size, stride, False, hooks)


def dumps(item: object, protocol: int = 2) -> bytes:
    class Writer(pickle.Pickler):
        def persistent_id(self, value):
            return value.value if isinstance(value, Id) else None

    stream = io.BytesIO()
    Writer(stream, protocol).dump(item)
    return stream.getvalue()


Records = list[tuple[str, bytes]]


def records(item: object = None, **changes: bytes | None) -> Records:
    """The records of a good checkpoint, some replaced; `None` leaves one out."""
    weights = struct.pack('<4f', 1, 2, 3, 4)
    whole: dict[str, bytes | None] = {
        'data.pkl': dumps({'weight': tensor()} if item is None else item),
        'byteorder': b'little',
        'data/0': weights,
        'version': b'3\n',
        **changes,
    }
    return [(name, data) for name, data in whole.items() if data is not None]


def packed(contents: Records, method: int = zipfile.ZIP_STORED, folder: str = 'archive/') -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, 'w', method) as archive:
        warnings.simplefilter('ignore')
        for name, data in contents:
            archive.writestr(zipfile.ZipInfo(folder + name), data, method)
    return stream.getvalue()


LOCAL, CENTRAL, END = b'PK\x03\x04', b'PK\x01\x02', b'PK\x05\x06'


def patched(data: bytes, signature: bytes, offset: int, layout: str, *values: int, every: bool = False) -> bytes:
    """Overwrites a field of the last header with a signature, or of all of them."""
    changed = bytearray(data)
    at = data.rfind(signature)
    while at >= 0:
        struct.pack_into(layout, changed, at + offset, *values)
        at = data.rfind(signature, 0, at) if every else -1
    return bytes(changed)
