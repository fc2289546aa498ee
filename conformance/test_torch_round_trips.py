"""Whatever form an object was saved in: what we write as a checkpoint is the same object to torch."""

import io
import json
import pickle
import subprocess
from pathlib import Path

import cli
import pytest
import torch
from same_object import assert_same
from torch_legacy_cases import LEGACY
from torch_tar_cases import TAR

FIXTURES = cli.ROOT / 'fixtures'


def pickled(path: Path) -> object:
    """The object of a file of pickles; several are the items of a list."""
    objects = []
    with path.open('rb') as file:
        while file.peek(1):
            objects.append(pickle.load(file, encoding='latin1'))
    return objects[0] if len(objects) == 1 else objects


def original(path: Path) -> object:
    """What the file's own library makes of it, or what was saved where that cannot read its own file."""
    if path.suffix != '.pt':
        return pickled(path)
    known = {'torch-legacy': LEGACY, 'torch-tar': TAR}.get(path.parent.name, {}).get(path.stem)
    if known is not None and known.torch_misreads:
        # The same object, as torch gives it back from a form that it can read.
        stream = io.BytesIO()
        item = known.built()
        if path.stem == 'nothing':
            # The class is there so that torch of today writes such a tensor at all.
            item['nothing'] = item['nothing'].as_subclass(torch.Tensor)
        torch.save(item, stream)
        return torch.load(io.BytesIO(stream.getvalue()), weights_only=False)
    return torch.load(path, map_location='cpu', weights_only=False)


# A state dict that is larger than its file could ever be: nobody may expand it by accident.
REFUSED = {'torch-legacy/huge-expanded.pt': 'limit'}

# Source code of classes came along; a checkpoint has no place for it, which the plan says.
WITH_CODE = {'torch-legacy/whole-module-own.pt', 'torch-legacy/whole-module-own-0.pt', 'torch-tar/whole-module.pt'}

# Storages that are stretches of others are written as copies, and tensors on them as tensors on the whole.
STRETCHES = {'torch-legacy/stretches.pt', 'torch-tar/stretches.pt'}

NAMES = [
    f'{folder}/{path.name}'
    for folder in ('torch-legacy', 'torch-tar', 'bare-pickle')
    for path in sorted((FIXTURES / folder).iterdir())
    if path.suffix in ('.pt', '.pkl')
]


@pytest.fixture(scope='module')
def trips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """All of them by way of a .torsh archive, in one process."""
    folder = tmp_path_factory.mktemp('trips')
    jobs = [
        {
            'path': str(FIXTURES / name),
            'by': str(folder / f'{index}.torsh'),
            'back': str(folder / f'{index}.pt'),
            'allowLoss': name in WITH_CODE,
        }
        for index, name in enumerate(NAMES)
    ]
    command = ['node', str(cli.ROOT / 'conformance' / 'convert_bridge.mjs')]
    done = subprocess.run(command, input=json.dumps(jobs), capture_output=True, encoding='utf-8', timeout=300)
    assert done.returncode == 0, done.stderr
    return {name: job | answer for name, job, answer in zip(NAMES, jobs, json.loads(done.stdout), strict=True)}


def back(name: str, trips: dict[str, dict]) -> object:
    trip = trips[name]
    assert 'error' not in trip, trip['message']
    assert trip['first']['written'], trip['first']
    assert not [issue for issue in trip['first']['issues'] if issue['severity'] != 'note']
    losses = [issue['code'] for issue in trip['second']['issues'] if issue['severity'] != 'note']
    assert losses == (['resources'] if name in WITH_CODE else [])
    return torch.load(trip['back'], map_location='cpu', weights_only=False)


@pytest.mark.parametrize('name', [name for name in NAMES if name not in REFUSED and name not in STRETCHES])
def test_torch_loads_the_same_object(name: str, trips: dict[str, dict]) -> None:
    assert_same(original(FIXTURES / name), back(name, trips))


@pytest.mark.parametrize('name', sorted(REFUSED))
def test_what_is_refused_is_not_written(name: str, trips: dict[str, dict]) -> None:
    assert trips[name]['error'] == REFUSED[name]
    assert not Path(trips[name]['back']).exists()


@pytest.mark.parametrize('name', sorted(STRETCHES))
def test_tensors_on_stretches_still_share(name: str, trips: dict[str, dict]) -> None:
    left, right = flat(original(FIXTURES / name)), flat(back(name, trips))
    assert [way for way, _ in left] == [way for way, _ in right]
    assert any(issue['code'] == 'storage-copied' for issue in trips[name]['second']['issues']) == any(
        not isinstance(item, torch.Tensor) for _, item in left
    )
    tensors = [(a, b) for (_, a), (_, b) in zip(left, right, strict=True) if isinstance(a, torch.Tensor)]
    assert tensors
    for (_, a), (_, b) in zip(left, right, strict=True):
        assert type(a) is type(b) and a.dtype == b.dtype and a.tolist() == b.tolist()
    for a, b in tensors:
        assert a.shape == b.shape and a.stride() == b.stride() and a.requires_grad == b.requires_grad
    # Where they lie, counted from the first: what is written to one is seen in the others.
    (first, first_back), *_ = tensors
    for a, b in tensors:
        assert a.data_ptr() - first.data_ptr() == b.data_ptr() - first_back.data_ptr()


def flat(top: object, way: str = '') -> list[tuple[str, object]]:
    """Tensors and storages, with the way that leads to each."""
    if isinstance(top, (torch.Tensor, torch.storage.TypedStorage)):
        return [(way, top)]
    items = top.items() if isinstance(top, dict) else enumerate(top)
    return [each for key, item in items for each in flat(item, f'{way}.{key}')]
