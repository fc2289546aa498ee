"""Files of the old `torch.save`: we must see what torch loads, or what was saved where torch cannot load its own file."""

import json
from pathlib import Path

import cli
import pytest
import torch
import torch_legacy
from flatten import flatten
from test_torch_save import EXIT_CODES, assert_equal
from torch_legacy_cases import LEGACY
from torch_save import CHECKPOINTS, expectation
from torch_save_registry import Checkpoint

GOOD = sorted(name for name, checkpoint in LEGACY.items() if checkpoint.refused is None)
# Those that torch itself refuses: protocol 0, whose persistent ids are text, and storages without a type.
TORCH_REFUSES = sorted(name for name, checkpoint in LEGACY.items() if checkpoint.torch_misreads and name != 'nested')
# numpy pickles its arrays in another way at protocol 5, which is not read yet.
NOT_AT = {'other-device-numpy': 5}


@pytest.mark.parametrize('name', GOOD)
def test_inspect_sees_what_torch_loads(name: str, tmp_path: Path) -> None:
    checkpoint = LEGACY[name]
    path = checkpoint.write(tmp_path)
    document = cli.inspect(path)
    assert document['format'] == 'torch-legacy'
    assert_equal(document, flatten(checkpoint.built() if checkpoint.torch_misreads else checkpoint.loaded(path)))
    said = json.dumps(document['issues'])
    for known in checkpoint.opaque:
        assert known in said
    assert not [issue for issue in document['issues'] if issue['severity'] == 'loss']


@pytest.mark.parametrize('name', TORCH_REFUSES)
def test_torch_cannot_load_these(name: str, tmp_path: Path) -> None:
    """If a later torch can, the expectation must become what it loads."""
    path = LEGACY[name].write(tmp_path)
    with pytest.raises((AssertionError, AttributeError, RuntimeError)):
        LEGACY[name].loaded(path)


@pytest.mark.parametrize('index,name', [*enumerate(CHECKPOINTS)])
def test_whatever_torch_saves(index: int, name: str, tmp_path: Path) -> None:
    """Every object of the ZIP form's suite, saved by plain torch in the old form, at one protocol after the other."""
    checkpoint, protocol = CHECKPOINTS[name], index % 6
    protocol = max(protocol, 2) if name == 'own-classes' else protocol
    path = tmp_path / 'x.pt'
    if NOT_AT.get(name) == protocol:
        protocol = 4
    torch.save(checkpoint.built(), path, pickle_protocol=protocol, _use_new_zipfile_serialization=False)
    if checkpoint.refused is not None:
        cli.fail(EXIT_CODES[checkpoint.refused[0]], 'inspect', path, names=path)
        return
    # torch makes nested tensors before it has read their sizes: it refuses them, or loads what was in memory.
    torch_reads = name != 'nested'
    if torch_reads:
        try:
            loaded = checkpoint.loaded(path)
        except (AssertionError, AttributeError, RuntimeError):
            torch_reads = False
    if not torch_reads:
        modern = checkpoint.write(tmp_path)
        loaded = checkpoint.built() if checkpoint.torch_misreads else checkpoint.loaded(modern)
    assert_equal(cli.inspect(path), flatten(loaded))


@pytest.mark.parametrize('name', ['tiny', 'tiny-0', 'views', 'stretches', 'whole-module-own', 'python-2'])
def test_archive_holds_the_same(name: str, tmp_path: Path) -> None:
    path = LEGACY[name].write(tmp_path)
    cli.succeed('convert', path, 'to', 'torsh', '--verify')
    checkpoint = LEGACY[name]
    expected = flatten(checkpoint.built() if checkpoint.torch_misreads else checkpoint.loaded(path))
    assert_equal(cli.inspect(path.with_suffix('.torsh')), expected)
    cli.succeed('verify', path.with_suffix('.torsh'), '--against', path)


def test_a_module_comes_with_its_source(tmp_path: Path) -> None:
    """Saved whole by plain torch, which puts the source text of each class beside its name."""
    path = tmp_path / 'x.pt'
    torch.save(CHECKPOINTS['whole-module'].built(), path, _use_new_zipfile_serialization=False)
    resources = {each['path']: each for each in cli.inspect(path)['resources']}
    assert 'torch/nn/modules/linear/Linear.py' in resources
    assert {each['role'] for each in resources.values()} == {'code'}


def test_a_state_dict_becomes_safetensors_without_asking(tmp_path: Path) -> None:
    path = LEGACY['python-2-state-dict'].write(tmp_path)
    report = json.loads(cli.succeed('convert', path, 'to', 'safetensors', '--json'))
    assert report['lossless'] is True


def test_two_checkpoints_in_one_file(tmp_path: Path) -> None:
    """torch loads them one by one from an open file; the second is a loss that is told."""
    path = tmp_path / 'x.pt'
    with path.open('wb') as file:
        for value in ({'a': torch.ones(2)}, {'b': torch.zeros(2)}):
            torch.save(value, file, _use_new_zipfile_serialization=False)
    document = cli.inspect(path)
    assert [tensor['name'] for tensor in document['tensors']] == ['a']
    assert [issue['code'] for issue in document['issues'] if issue['severity'] == 'loss'] == ['bytes-behind-storages']


def test_committed_fixtures_are_current() -> None:
    folder = cli.ROOT / 'fixtures' / 'torch-legacy'
    recorded = json.loads((folder / 'expected.json').read_text())
    assert recorded['torch'] == torch_legacy.VERSION
    assert set(recorded['files']) == {f'{name}.pt' for name in LEGACY} == {path.name for path in folder.glob('*.pt')}
    for name, checkpoint in LEGACY.items():
        assert isinstance(checkpoint, Checkpoint)
        path = folder / f'{name}.pt'
        assert expectation(checkpoint, path) == recorded['files'][path.name]
