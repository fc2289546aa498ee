"""What we write as a checkpoint: real torch must load the object that it loads from the original."""

import collections
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import cli
import pytest
import safetensors.torch
import torch
from same_object import assert_same
from torch_save import CHECKPOINTS
from torch_save_registry import plain

GOOD = sorted(name for name, checkpoint in CHECKPOINTS.items() if checkpoint.refused is None)


class Trip:
    """One checkpoint, and what became of it by way of a .torsh archive."""

    def __init__(self, name: str, folder: Path) -> None:
        self.checkpoint = CHECKPOINTS[name]
        self.path = self.checkpoint.write(folder)
        self.issues = json.loads(cli.succeed('convert', self.path, 'to', 'torsh', '--json'))['issues']
        self.back = folder / 'back' / self.path.name
        self.back.parent.mkdir()
        cli.succeed('convert', self.path.with_suffix('.torsh'), self.back, '--verify')


@pytest.fixture(scope='module', params=GOOD)
def trip(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trip:
    return Trip(request.param, tmp_path_factory.mktemp(request.param))


def test_torch_loads_the_same_object(trip: Trip) -> None:
    # Big-endian files of newer types are those that torch misreads; what was saved is what must come back.
    expected = trip.checkpoint.built() if trip.checkpoint.torch_misreads else trip.checkpoint.loaded(trip.path)
    assert_same(expected, trip.checkpoint.loaded(trip.back))


def test_what_loads_as_weights_only_does_so_again(trip: Trip) -> None:
    def load(path: Path) -> object:
        return torch.load(path, map_location='cpu', weights_only=True)

    try:
        expected = load(trip.path)
    except Exception:  # noqa: BLE001: whatever torch has against the original
        return
    if not trip.checkpoint.torch_misreads:
        assert_same(expected, load(trip.back))


def test_it_can_be_mapped(trip: Trip) -> None:
    expected = torch.load(trip.back, map_location='cpu', weights_only=False)
    assert_same(expected, torch.load(trip.back, map_location='cpu', weights_only=False, mmap=True))
    with zipfile.ZipFile(trip.back) as archive:
        for info in archive.infolist():
            with trip.back.open('rb') as file:
                file.seek(info.header_offset + 26)
                name, extra = (int.from_bytes(file.read(2), 'little') for _ in range(2))
            assert (info.header_offset + 30 + name + extra) % 64 == 0, info.filename


def test_zip_tools_find_nothing_wrong(trip: Trip) -> None:
    with zipfile.ZipFile(trip.back) as archive:
        assert archive.testzip() is None
    if shutil.which('unzip'):
        subprocess.run(['unzip', '-tqq', trip.back], check=True, capture_output=True)


# Python tells equal texts apart where they are different objects; in a model file they are equal texts.
EQUAL_TEXTS = {
    'conjugated', 'module-containers', 'module-rnn', 'module-weight-norm', 'negated', 'numpy', 'rebuild-v2-variants',
    'shape-basicsr', 'shape-fairseq', 'shape-gan', 'shape-lightning-averaged', 'shape-timm', 'values-python', 'values-torch',
    'wrapper-subclass',
}  # fmt: skip
# Tensors made by the calls of before torch 0.4 are made by those of today.
OLD_CALLS = {'old-parameter', 'oldest-tensors', 'rebuild-v1'}


def test_files_of_torch_come_back_byte_for_byte(trip: Trip) -> None:
    """Where torch wrote with its defaults, the very same file, unless a storage has bytes that no tensor shows."""
    checkpoint = trip.checkpoint
    hidden = 'unreachable' in {issue['code'] for issue in trip.issues}
    if checkpoint.save is plain and not hidden:
        same = trip.path.read_bytes() == trip.back.read_bytes()
        assert same == (checkpoint.name not in EQUAL_TEXTS | OLD_CALLS)


def test_safetensors_become_weights(tmp_path: Path) -> None:
    state = {'b': torch.arange(6.0).reshape(2, 3), 'a': torch.tensor(1, dtype=torch.int64), 'e': torch.zeros(0, 3)}
    state |= {str(dtype): torch.ones(4, dtype=dtype) for dtype in (torch.bfloat16, torch.float8_e4m3fn, torch.uint16)}
    safetensors.torch.save_file(state, tmp_path / 'x.safetensors', metadata={'format': 'pt'})
    cli.succeed('convert', tmp_path / 'x.safetensors', tmp_path / 'x.pt', '--verify')
    loaded = torch.load(tmp_path / 'x.pt', weights_only=True, mmap=True)
    assert type(loaded) is collections.OrderedDict
    assert set(loaded) == set(state)
    assert_same(state, {name: loaded[name] for name in state})


def test_tied_names_share_again(tmp_path: Path) -> None:
    """Without the structure they are known as tied all the same."""
    path = CHECKPOINTS['tied'].write(tmp_path)
    cli.succeed('convert', path, tmp_path / 'x.safetensors', '--allow-loss')
    cli.succeed('convert', tmp_path / 'x.safetensors', tmp_path / 'x.pt', '--verify')
    loaded = torch.load(tmp_path / 'x.pt', weights_only=True)
    aliases = cli.inspect(path)['aliases']
    assert aliases
    for name, owner in aliases.items():
        assert loaded[name].data_ptr() == loaded[owner].data_ptr()


@pytest.mark.parametrize('name', ['training-adam', 'quantised-qint8'])
def test_what_was_selected_is_a_state_dict(name: str, tmp_path: Path) -> None:
    path = CHECKPOINTS[name].write(tmp_path)
    first = cli.inspect(path)['tensors'][0]['name']
    target = tmp_path / 'x.pt'
    assert cli.run('convert', path, target, '--select', first).returncode == cli.REFUSED
    assert not target.exists()
    cli.succeed('convert', path, target, '--select', first, '--allow-loss')
    loaded = torch.load(target, weights_only=True)
    assert list(loaded) == [first]
