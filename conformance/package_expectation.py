"""What real torch finds in a package: the oracle of the reader of `torch-package`."""

import sys
from pathlib import Path

from flatten import flatten
from torch.package import PackageImporter
from torch_package_registry import PackageFile, records_of

# The code that packages are made of; what is interned must come from the package and never from here.
CODE = ('zoo', 'aviary')


def expectation(made: PackageFile, path: Path) -> dict:
    """Structure, modules, texts, and the tensors of every pickle, as the importer of torch gives them."""
    for name in [each for each in sys.modules if each.partition('.')[0] in CODE]:
        del sys.modules[name]
    importer = PackageImporter(str(path))
    records = records_of(path)
    importer.filename = path.name
    return {
        'structure': str(importer.file_structure()),
        'externs': [name for name in importer.extern_modules if name],
        'python': importer.python_version(),
        'pickles': {name: tensors_of(importer, name) for name in records if is_pickle(made, name, records[name])},
        'exported': made.exported,
    }


def is_pickle(made: PackageFile, name: str, content: bytes) -> bool:
    if name.startswith('.data/') or name in made.unnamed or name in made.broken:
        return False
    return name.endswith(('.pkl', '.bin')) and content[-1:] == b'.' and content[:4] != b'this'


def tensors_of(importer: PackageImporter, name: str) -> dict:
    """The tensors of a pickle by their names; those of modules that are in no state dict are `extra`."""
    folder, _, resource = name.rpartition('/')
    # Sparse tensors are checked when all is loaded, and torch keeps those of a failed load.
    flat = flatten(importer.load_pickle(folder.replace('/', '.'), resource))
    part = lambda each: {  # noqa: E731
        'tensors': [tensor.summary() for tensor in each.tensors.values()],
        'aliases': dict(each.aliases),
    }
    return {**part(flat), 'extra': part(flat.extra)}

