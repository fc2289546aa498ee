"""Packages of torch.package: what we see is what real torch sees, and what we write real torch imports."""

import importlib.resources
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cli
import pytest
import torch
import torch_package_files  # noqa: F401
import torch_package_tensors  # noqa: F401
from flatten import flatten
from package_expectation import expectation
from safetensors.torch import save_file
from torch.package import PackageImporter
from torch_package_registry import PACKAGES, records_of

pytestmark = pytest.mark.filterwarnings('ignore::DeprecationWarning', 'ignore::UserWarning')
BRIDGE = cli.ROOT / 'conformance' / 'package_bridge.mjs'
sys.path.append(str(cli.ROOT / 'fixtures' / 'generate' / 'torch_package_code'))
NAMES = sorted(PACKAGES)
PATTERNS = [
    {},
    {'include': '**/*.pkl'},
    {'include': ['**/*.py', '*/*.txt'], 'exclude': '**/__init__.py'},
    {'include': '**', 'exclude': ['.data/**', '**/*.storage']},
    {'include': ['zoo/*', '.data/*_*'], 'exclude': 'zoo/c*'},
    {'include': 'nothing.*'},
]
ASKS = ['zoo/nets.py', 'zoo/nets', 'zoo', 'zoo/', '', 'byteorder', '.data/version', 'a/b/c', 'model/model.pkl/x']
# Objects of torch.save, one of each shape.
CHECKPOINTS = [f'{name}.pt' for name in (
    'tiny', 'tied', 'lightning', 'training-adam', 'views', 'dtype-bfloat16', 'dtype-uint16', 'sparse-coo', 'sparse-csr', 'numpy',
    'module-buffers', 'module-rnn', 'conjugated', 'empty-tensors', 'quantised-quint8', 'per-channel-qint8', 'same-object-twice',
    'own-classes', 'parameter', 'big-endian', 'shared-objects', 'scalars', 'tensor-subclass', 'integer-keys', 'python-2',
)]  # fmt: skip


def bridge(jobs: list[dict]) -> list[dict]:
    done = subprocess.run(['node', str(BRIDGE)], input=json.dumps(jobs), capture_output=True, encoding='utf-8', timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@dataclass
class Packages:
    """Every package of the registry, made afresh; opened, converted and converted back by one process."""

    folder: Path

    @cached_property
    def expected(self) -> dict[str, dict]:
        return {name: expectation(PACKAGES[name], PACKAGES[name].write(self.folder)) for name in NAMES}

    @cached_property
    def folders(self) -> dict[str, list[str]]:
        """The packages in each package whose files lie at most one folder deeper: there torch lists what is right."""
        found = {}
        for name in NAMES:
            records = [each for each in records_of(self.folder / name) if not each.startswith('.data/')]
            all_folders = {each.rpartition('/')[0] for each in records} - {''}
            found[name] = sorted(
                each.replace('/', '.')
                for each in all_folders
                if not any(other.count('/') > each.count('/') + 1 and other.startswith(f'{each}/') for other in all_folders)
            )
        return found

    def back(self, name: str) -> Path:
        return self.folder / 'back' / name

    @cached_property
    def answers(self) -> dict[str, list[dict]]:
        jobs = []
        for each in ('torsh', 'back'):
            (self.folder / each).mkdir()
        for name in NAMES:
            path, between = self.folder / name, self.folder / 'torsh' / f'{name}.torsh'
            pickles = list(self.expected[name]['pickles'])
            jobs += [
                {'open': str(path), 'patterns': PATTERNS, 'asks': ASKS, 'packages': self.folders[name], 'pickles': pickles},
                {'convert': str(path), 'to': 'torsh', 'as': str(between)},
                {'convert': str(between), 'to': 'torch-package', 'as': str(self.back(name))},
            ]
        answers = bridge(jobs)
        return {name: answers[3 * index : 3 * index + 3] for index, name in enumerate(NAMES)}


@pytest.fixture(scope='module')
def packages(tmp_path_factory: pytest.TempPathFactory) -> Packages:
    return Packages(tmp_path_factory.mktemp('packages'))


@pytest.mark.parametrize('name', NAMES)
def test_the_importer_sees_what_torch_sees(name: str, packages: Packages) -> None:
    wanted, seen = packages.expected[name], packages.answers[name][0]
    importer = PackageImporter(str(packages.folder / name))
    importer.filename = name
    structure = importer.file_structure()
    assert seen['structures'] == [str(importer.file_structure(**pattern)) for pattern in PATTERNS]
    assert seen['has'] == [structure.has_file(ask) for ask in ASKS]
    assert seen['externs'] == wanted['externs']
    assert seen['python'] == wanted['python']
    assert seen['pickles'] == wanted['pickles']
    assert list(seen['records']) == list(records_of(packages.folder / name))


@pytest.mark.parametrize('name', NAMES)
def test_resources_are_those_of_importlib(name: str, packages: Packages) -> None:
    # Asking for the answers makes the packages.
    answers = packages.answers[name][0]['contents']
    importer = PackageImporter(str(packages.folder / name))
    for inside, contents in zip(packages.folders[name], answers, strict=True):
        reader = importer.get_resource_reader(inside)
        wanted = [[each, reader.is_resource(each)] for each in reader.contents()]
        assert sorted(contents) == sorted(wanted), inside


@pytest.mark.parametrize('name', NAMES)
def test_a_round_trip_gives_every_record_back(name: str, packages: Packages) -> None:
    wanted = packages.expected[name]
    _, first, second = packages.answers[name]
    assert (first['written'], first['lossless'], second['written'], second['lossless']) == (True,) * 4
    path, back = packages.folder / name, packages.back(name)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(back) as new:
        assert new.namelist() == old.namelist()
        assert [new.read(each) for each in new.namelist()] == [old.read(each) for each in old.namelist()]
    if PACKAGES[name].exported:
        assert back.read_bytes() == path.read_bytes()
    # torch opens it, and finds in it what it found before.
    assert expectation(PACKAGES[name], back) == wanted


def test_the_archives_can_be_unpacked(packages: Packages) -> None:
    """The weights of a package lie in its archive as safetensors, its code as files."""
    assert packages.answers['net.pt'][1]['written']
    with zipfile.ZipFile(packages.folder / 'torsh' / 'net.pt.torsh') as archive:
        names = set(archive.namelist())
    assert {'models/model.safetensors', 'code/zoo/nets.py', 'resources/model/model.pkl'} <= names
    assert not any(name.endswith('.storage') for name in names)


def test_scripts_run_after_a_round_trip(packages: Packages) -> None:
    assert packages.answers['script-shared.pt'][2]['written']
    importer = PackageImporter(str(packages.back('script-shared.pt')))
    script = importer.load_pickle('model', 'script.pkl')
    assert torch.equal(script(torch.ones(2)), torch.tensor([4.0, 5.0]))


@pytest.fixture(scope='module')
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packages of what was none: checkpoints, a safetensors file, and an archive that was put together."""
    folder = tmp_path_factory.mktemp('fresh')
    weights = {'w': torch.arange(6.0).view(2, 3), 'b': torch.ones(1, dtype=torch.bfloat16)}
    save_file(weights, folder / 'weights.safetensors')
    source = cli.ROOT / 'fixtures' / 'torch-save'
    jobs = [{'convert': str(source / name), 'to': 'torch-package', 'as': str(folder / name)} for name in CHECKPOINTS]
    jobs.append({'convert': str(folder / 'weights.safetensors'), 'to': 'torch-package', 'as': str(folder / 'weights.pt')})
    old = cli.ROOT / 'fixtures' / 'torch-legacy' / 'whole-module-own-0.pt'
    jobs.append({'convert': str(old), 'to': 'torch-package', 'as': str(folder / 'old.pt')})
    jobs.append({'make': str(folder / 'made.pt')})
    for job, answer in zip(jobs, bridge(jobs), strict=True):
        assert 'error' not in answer, (job, answer)
        assert answer.get('written', True), (job, answer)
    return folder


@pytest.mark.parametrize('name', CHECKPOINTS)
def test_a_checkpoint_becomes_a_package_of_its_object(name: str, fresh: Path) -> None:
    importer = PackageImporter(str(fresh / name))
    (record,) = (each for each in records_of(fresh / name) if each.endswith('.pkl'))
    loaded = importer.load_pickle('model', record.removeprefix('model/'))
    wanted = torch.load(cli.ROOT / 'fixtures' / 'torch-save' / name, weights_only=False, map_location='cpu')
    assert type(loaded) is type(wanted)
    assert flatten(loaded).summary() == flatten(wanted).summary()


def test_sources_of_classes_do_not_hide_their_modules(fresh: Path) -> None:
    """Old checkpoints carry the source of a class under the name of one; the module that has the class is the user's."""
    loaded = PackageImporter(str(fresh / 'old.pt')).load_pickle('model', 'object.pkl')
    assert isinstance(loaded['model'], __import__('torch_save_classes').Block)


def test_tied_weights_share_their_memory(fresh: Path) -> None:
    loaded = PackageImporter(str(fresh / 'tied.pt')).load_pickle('model', 'state_dict.pkl')
    pointers = [tensor.data_ptr() for tensor in loaded.values()]
    assert len(set(pointers)) < len(pointers)


def test_safetensors_become_a_state_dict(fresh: Path) -> None:
    loaded = PackageImporter(str(fresh / 'weights.pt')).load_pickle('model', 'state_dict.pkl')
    assert torch.equal(loaded['w'], torch.arange(6.0).view(2, 3))
    assert loaded['b'].dtype == torch.bfloat16


def test_code_runs_and_files_are_found(fresh: Path) -> None:
    """Modules import each other and what is extern; the folder of a model keeps clear of the module `model`."""
    importer = PackageImporter(str(fresh / 'made.pt'))
    assert importer.import_module('model').answer() == 42
    assert importer.load_text('resources.tokenizer', 'vocab.txt') == 'a\nb\n'
    first = importer.load_pickle('encoder.v1', 'state_dict.pkl')
    assert torch.equal(first['weight'], torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    assert first['tied'].data_ptr() == first['weight'].data_ptr()
    assert importer.load_pickle('model_2', 'state_dict.pkl')['bias'].item() == 7.0
    tokenizer = importer.import_module('resources.tokenizer')
    assert importlib.resources.files(tokenizer).joinpath('vocab.txt').read_text() == 'a\nb\n'
    assert importer.file_structure().has_file('house/rooms.py')


def test_the_command_line_prints_what_torch_prints(packages: Packages) -> None:
    path = packages.folder / 'resources.pt'
    assert packages.expected['resources.pt']['exported']
    tree = PackageImporter(str(path)).file_structure(include=['**/*.txt'], exclude='one/**')
    assert cli.succeed('tree', path, '--include', '**/*.txt', '--exclude', 'one/**') == str(tree)
