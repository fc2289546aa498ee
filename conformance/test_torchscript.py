"""Modules of TorchScript, written by real torch: we must see what `torch.jit.load` gives, without running their code."""

import hashlib
import json
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cli
import pytest
import torch
import torchscript
from flatten import Flat, dense_bytes, flatten
from safetensors.torch import load_file
from script_expectation import expectation
from torchscript_registry import SCRIPTS, ScriptFile

GOOD = sorted(name for name, script in SCRIPTS.items() if script.refused is None)
# Where a module restores itself, only torch knows what becomes of its state.
LOADED = [name for name in GOOD if SCRIPTS[name].loads and SCRIPTS[name].state is None]
REFUSED = sorted(set(SCRIPTS) - set(GOOD))
pytestmark = pytest.mark.filterwarnings('ignore::DeprecationWarning', 'ignore::UserWarning')
# Shapes alone are no weights, and safetensors has no place for these.
NOT_FOR_SAFETENSORS = {'quantised-tensors.pt', 'dtypes.pt', 'sparse.pt'}


@dataclass
class Case:
    """One module, saved afresh."""

    script: ScriptFile
    folder: Path

    @cached_property
    def path(self) -> Path:
        return self.script.write(self.folder)

    @cached_property
    def seen(self) -> dict:
        return cli.inspect(self.path)

    @cached_property
    def loaded(self) -> torch.jit.ScriptModule:
        return torch.jit.load(str(self.path), map_location='cpu')

    def digests(self, model: str) -> dict[str, str]:
        """The digest of every tensor of a model by its names."""
        tensors, aliases = self.seen['tensors'], self.seen['aliases']
        found = {each['name']: each['sha256'] for each in tensors if each['model'] == model}
        prefix = f'{model}:' if len({each['model'] for each in tensors}) > 1 else ''
        for alias, name in aliases.items():
            if found and alias.startswith(prefix):
                found[alias.removeprefix(prefix)] = found[name.removeprefix(prefix)]
        return found


@pytest.fixture(scope='module')
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    return {name: Case(script, tmp_path_factory.mktemp('script')) for name, script in SCRIPTS.items()}


def sha256(tensor: torch.Tensor) -> str:
    return hashlib.sha256(dense_bytes(tensor.detach())).hexdigest()


@pytest.mark.parametrize('name', GOOD)
def test_inspect_sees_what_was_written(name: str, cases: dict[str, Case]) -> None:
    case = cases[name]
    wanted = expectation(case.script, case.path)
    seen = [{key: each[key] for key in ('model', 'name', 'dtype', 'shape', 'sha256')} for each in case.seen['tensors']]
    assert seen == wanted['tensors']
    assert case.seen['aliases'] == wanted['aliases']
    assert case.seen['format'] == 'torchscript'


@pytest.mark.parametrize('name', LOADED)
def test_the_model_is_the_state_dict_of_torch(name: str, cases: dict[str, Case]) -> None:
    """Names, order and bits of what `torch.jit.load` gives; nothing here has read the pickle but torch and torsh."""
    case = cases[name]
    state = case.loaded.state_dict()
    found = case.digests('model')
    # Tied names are not in the order of tensors; parts of sparse and quantised ones have names behind theirs.
    plain = {key: value for key, value in state.items() if value.layout is torch.strided and not value.is_meta}
    assert {key: found[key] for key in plain} == {key: sha256(value) for key, value in plain.items()}
    owned = [each['name'] for each in case.seen['tensors'] if each['model'] == 'model' and each['name'] in plain]
    assert owned == [key for key in plain if key in owned]
    assert set(found) == set(flatten(dict(state)).tensors) | set(flatten(dict(state)).aliases)


@pytest.mark.parametrize('name', LOADED)
def test_attributes_that_python_can_reach(name: str, cases: dict[str, Case]) -> None:
    """Tensors of `extra` under the way that leads to them from the loaded module."""
    case = cases[name]
    reached = {}
    for path, digest in case.digests('extra').items():
        value = reach(case.loaded, path.split('.'))
        if isinstance(value, torch.Tensor) and value.layout is torch.strided:
            reached[path] = (sha256(value), digest)
    assert all(theirs == ours for theirs, ours in reached.values()), reached
    if name == 'attributes.pt':
        assert len(reached) == len(case.digests('extra'))


def reach(value: object, path: list[str]) -> object:
    for part in path:
        if isinstance(value, torch.jit.ScriptModule):
            value = getattr(value, part, None)
        elif isinstance(value, dict):
            value = value.get(part, value.get(int(part)) if part.isdecimal() else None)
        elif isinstance(value, list | tuple) and part.isdecimal():
            value = value[int(part)]
        else:
            return None
    return value


def test_constants_are_those_of_the_code(cases: dict[str, Case]) -> None:
    """torch prints the code with its constants; only the frozen module has one class, so that the numbers are the same."""
    case = cases['frozen.pt']
    constants = case.loaded.code_with_constants[1].const_mapping
    assert {key: sha256(value) for key, value in constants.items()} == case.digests('constants')
    assert len(constants) == 4


@pytest.mark.parametrize('name', GOOD)
def test_resources_are_the_records(name: str, cases: dict[str, Case]) -> None:
    """Every record is tensors, metadata or a resource, and resources are byte for byte what the file has."""
    case = cases[name]
    with zipfile.ZipFile(case.path) as archive:
        records = {info.filename.partition('/')[2]: archive.read(info) for info in archive.infolist()}
    kept = {each['path']: each['sha256'] for each in case.seen['resources']}
    assert {path: hashlib.sha256(records[path]).hexdigest() for path in kept} == kept
    assert case.seen['metadata']['torch']['records'] == list(records)
    rest = set(records) - set(kept)
    usual = {'data.pkl', 'constants.pkl', 'version', '.data/version', 'byteorder', '.data/serialization_id'}
    assert all(path in usual or path.partition('/')[0] in ('data', 'constants', 'tensors') for path in rest), rest
    assert all(path in kept for path in records if path.startswith(('code/', 'extra/')))


@pytest.mark.parametrize('name', LOADED)
def test_torsh_keeps_it_and_safetensors_loads_the_weights(name: str, cases: dict[str, Case], tmp_path: Path) -> None:
    case = cases[name]
    target = tmp_path / 'x.torsh'
    report = json.loads(cli.succeed('convert', case.path, target, '--verify', '--json'))
    assert report['lossless'] is True
    cli.succeed('verify', target, '--against', case.path)
    state = {key: value for key, value in case.loaded.state_dict().items() if not value.is_meta}
    if name in NOT_FOR_SAFETENSORS or not state:
        return
    weights = tmp_path / 'x.safetensors'
    cli.succeed('convert', case.path, weights, '--select', 'weights', '--allow-loss')
    loaded = load_file(weights)
    owned = {each['name'] for each in case.seen['tensors'] if each['model'] == 'model'}
    assert set(loaded) == owned
    assert all(sha256(loaded[key]) == sha256(state[key]) for key in owned)


@pytest.mark.parametrize('name', REFUSED)
def test_what_is_no_zip_is_named(name: str, cases: dict[str, Case]) -> None:
    case = cases[name]
    assert 'torch.jit.save' in cli.fail(cli.BAD_FILE, 'inspect', case.path, names=case.path)


def test_code_does_not_run(tmp_path: Path) -> None:
    """Code that torch would not even compile is no obstacle, and no code is ever looked at but for its declarations."""
    path = SCRIPTS['tiny.pt'].write(tmp_path)
    broken = tmp_path / 'broken.pt'
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(broken, 'w') as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, content + b'  def broken(:\n' if info.filename.endswith('.py') else content)
    with pytest.raises(RuntimeError):
        torch.jit.load(str(broken))
    assert cli.inspect(broken)['tensors'] == cli.inspect(path)['tensors']


def test_committed_fixtures_are_current() -> None:
    """The files in the repository hold what the builders make today, and the expectations are torch's."""
    folder = cli.ROOT / 'fixtures' / 'torchscript'
    recorded = json.loads((folder / 'expected.json').read_text())['files']
    assert set(recorded) == set(SCRIPTS) == {path.name for path in folder.iterdir() if path.suffix in ('.pt', '.ptl')}
    for name, script in SCRIPTS.items():
        assert expectation(script, folder / name) == recorded[name]


def test_the_oracle_finds_every_kind_of_tensor(cases: dict[str, Case]) -> None:
    kinds = {each['dtype'] for name in GOOD for each in cases[name].seen['tensors']}
    assert len(kinds) >= 22
    assert isinstance(flatten({}), Flat)
    assert torchscript.VERSION == '2.13.0'
