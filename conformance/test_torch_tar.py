"""The tars of torch 0.1: we must see what torch loads, or what was saved where torch cannot load it."""

import json
import tarfile
from pathlib import Path

import cli
import pytest
import torch
from flatten import flatten
from test_torch_save import assert_equal
from torch_save import expectation
from torch_tar_cases import TAR


@pytest.mark.parametrize('name', sorted(TAR))
def test_inspect_sees_what_torch_loads(name: str, tmp_path: Path) -> None:
    checkpoint = TAR[name]
    path = checkpoint.write(tmp_path)
    document = cli.inspect(path)
    assert document['format'] == 'torch-tar'
    assert_equal(document, flatten(checkpoint.built() if checkpoint.torch_misreads else checkpoint.loaded(path)))
    assert not [issue for issue in document['issues'] if issue['severity'] == 'loss']
    cli.succeed('convert', path, 'to', 'torsh', '--verify')
    cli.succeed('verify', path.with_suffix('.torsh'), '--against', path)


@pytest.mark.parametrize('name', sorted(name for name, checkpoint in TAR.items() if checkpoint.torch_misreads))
def test_torch_cannot_load_these(name: str, tmp_path: Path) -> None:
    with pytest.raises((AttributeError, EOFError, KeyError, TypeError, ValueError)):
        TAR[name].loaded(TAR[name].write(tmp_path))


def test_torch_refuses_them_when_it_loads_weights_only(tmp_path: Path) -> None:
    path = TAR['state-dict'].write(tmp_path)
    with pytest.raises(RuntimeError):
        torch.load(path, weights_only=True)
    report = json.loads(cli.succeed('convert', path, 'to', 'safetensors', '--json'))
    assert report['lossless'] is True


def test_another_tar_is_nobodys(tmp_path: Path) -> None:
    path = tmp_path / 'x.pt'
    with tarfile.open(path, 'w') as archive:
        archive.add(__file__, 'readme.py')
    cli.fail(cli.BAD_FILE, 'inspect', path, names=path)


def test_committed_fixtures_are_current() -> None:
    folder = cli.ROOT / 'fixtures' / 'torch-tar'
    recorded = json.loads((folder / 'expected.json').read_text())['files']
    assert set(recorded) == {f'{name}.pt' for name in TAR} == {path.name for path in folder.glob('*.pt')}
    for name, checkpoint in TAR.items():
        assert expectation(checkpoint, folder / f'{name}.pt') == recorded[f'{name}.pt']
