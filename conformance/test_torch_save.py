"""Checkpoints written by real torch: we must see what torch loads, and real libraries must read what we write."""

import json
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cli
import jsonschema
import pytest
import safetensors
import torch
import torch_save
from flatten import NAMES, Flat, Whole, dense_bytes, flatten
from torch_save import CHECKPOINTS
from torch_save_registry import Checkpoint

GOOD = sorted(name for name, checkpoint in CHECKPOINTS.items() if checkpoint.refused is None)
REFUSED = sorted(name for name, checkpoint in CHECKPOINTS.items() if checkpoint.refused is not None)
EXIT_CODES = {'malformed': cli.BAD_FILE, 'unsafe': cli.UNSAFE, 'limit': cli.LIMIT}
MODEL = 'models/model.safetensors'


@dataclass
class Case:
    """One checkpoint, saved afresh; its conversion is made once for all tests."""

    checkpoint: Checkpoint
    folder: Path

    @cached_property
    def path(self) -> Path:
        return self.checkpoint.write(self.folder)

    @cached_property
    def expected(self) -> Whole:
        return flatten(self.checkpoint.built() if self.checkpoint.torch_misreads else self.checkpoint.loaded(self.path))

    @cached_property
    def torsh(self) -> Path:
        cli.succeed('convert', self.path, 'to', 'torsh')
        return self.path.with_suffix('.torsh')


@pytest.fixture(scope='module', params=GOOD)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    return Case(CHECKPOINTS[request.param], tmp_path_factory.mktemp(request.param))


def assert_equal(document: dict, expected: Whole) -> None:
    """A document of `inspect` lists exactly the expected tensors and aliases, model by model."""
    several = len(expected.extra.tensors) > 0
    aliases = {}
    for model, flat in [('model', expected), ('extra', expected.extra)]:
        mine = [tensor for tensor in document['tensors'] if tensor['model'] == model]
        listed = {tensor['name']: tensor for tensor in mine}
        assert len(listed) == len(mine), 'a name is listed twice'
        assert set(listed) == set(flat.tensors)
        for name, found in flat.tensors.items():
            ours = listed[name]
            summary = {**found.summary(), 'bytes': len(found.data)}
            assert {key: ours.get(key) for key in summary} == summary
        full = f'{model}:' if several else ''
        aliases |= {f'{full}{alias}': f'{full}{name}' for alias, name in flat.aliases.items()}
    assert {tensor['model'] for tensor in document['tensors']} <= {'model', 'extra'}
    assert document['aliases'] == aliases


def assert_opens(path: Path, expected: Flat) -> None:
    """The reference safetensors library finds every tensor with equal bytes; other names can only be aliases."""
    raw = dict(safetensors.deserialize(path.read_bytes()))
    assert set(expected.tensors) <= set(raw) <= set(expected.tensors) | set(expected.aliases)
    with safetensors.safe_open(path, framework='pt') as file:
        assert set(file.keys()) == set(raw)
        for name, view in raw.items():
            found = expected.tensors[expected.aliases.get(name, name)]
            assert (view['dtype'], view['shape']) == found.stored()
            assert bytes(view['data']) == found.data
            tensor = file.get_tensor(name)
            assert NAMES[tensor.dtype] == view['dtype']
            assert dense_bytes(tensor) == found.data


def test_the_suite_is_large_enough() -> None:
    assert len(GOOD) >= 50
    assert torch.__version__.split('+')[0] == torch_save.VERSION


def test_inspect_sees_what_torch_loads(case: Case) -> None:
    document = cli.inspect(case.path)
    assert document['format'] == 'torch-save'
    assert_equal(document, case.expected)
    said = json.dumps(document['issues'])
    for name in case.checkpoint.opaque:
        assert name in said, f'no issue says that {name} is unknown: {said}'


def test_archive_holds_the_same(case: Case) -> None:
    document = cli.inspect(case.torsh)
    assert document['format'] == 'torsh'
    assert_equal(document, case.expected)
    cli.succeed('verify', case.torsh)
    cli.succeed('verify', case.torsh, '--against', case.path)


def test_archive_is_an_ordinary_zip(case: Case, tmp_path: Path) -> None:
    schema = json.loads((cli.ROOT / 'docs' / 'spec' / 'manifest.schema.json').read_text())
    with zipfile.ZipFile(case.torsh) as archive:
        assert archive.testzip() is None
        weights = archive.read(MODEL)
        manifest = json.loads(archive.read('manifest.json'))
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    validator(schema).validate(manifest)
    if shutil.which('unzip'):
        piped = subprocess.run(['unzip', '-p', case.torsh, MODEL], capture_output=True, check=True).stdout
        assert piped == weights
    extracted = tmp_path / 'model.safetensors'
    extracted.write_bytes(weights)
    assert_opens(extracted, case.expected)


def test_archive_is_the_same_every_time(case: Case, tmp_path: Path) -> None:
    again = tmp_path / case.torsh.name
    cli.succeed('convert', case.path, again)
    assert again.read_bytes() == case.torsh.read_bytes()


@pytest.mark.parametrize('source', ['path', 'torsh'])
def test_safetensors_opens_what_we_write(case: Case, source: str, tmp_path: Path) -> None:
    target = tmp_path / 'x.safetensors'
    cli.succeed('convert', getattr(case, source), target, '--allow-loss')
    assert_opens(target, case.expected)


@pytest.mark.parametrize('name', REFUSED)
def test_refused(name: str, tmp_path: Path) -> None:
    path = CHECKPOINTS[name].write(tmp_path)
    code, _ = CHECKPOINTS[name].refused
    cli.fail(EXIT_CODES[code], 'convert', path, 'to', 'torsh', names=path)
    assert [*tmp_path.iterdir()] == [path]


def test_loss_is_refused_without_leave(tmp_path: Path) -> None:
    """Safetensors cannot hold an optimizer's numbers: nothing is written unless the user agrees."""
    path = CHECKPOINTS['training-adam'].write(tmp_path)
    target = tmp_path / 'x.safetensors'
    refused = cli.run('convert', path, target)
    assert refused.returncode == cli.REFUSED
    assert '--allow-loss' in refused.stderr
    assert not target.exists()


def test_report_of_a_conversion(tmp_path: Path) -> None:
    path = CHECKPOINTS['training-ema'].write(tmp_path)
    report = json.loads(cli.succeed('convert', path, 'to', 'torsh', '--verify', '--json'))
    target = path.with_suffix('.torsh')
    assert report['input'] == {**report['input'], 'format': 'torch-save', 'bytes': path.stat().st_size}
    assert report['output'] == {**report['output'], 'format': 'torsh', 'bytes': target.stat().st_size}
    assert report['lossless'] is True
    assert report['tensors'] == 4


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = CHECKPOINTS['tiny'].write(tmp_path)
    target = path.with_suffix('.torsh')
    target.write_text('precious')
    assert cli.run('convert', path, 'to', 'torsh').returncode != cli.DONE
    assert target.read_text() == 'precious'
    cli.succeed('convert', path, 'to', 'torsh', '--force')
    cli.succeed('verify', target)


def test_verify_finds_other_weights(tmp_path: Path) -> None:
    path = CHECKPOINTS['tiny'].write(tmp_path)
    cli.succeed('convert', path, 'to', 'torsh')
    other = tmp_path / 'other.pt'
    state = torch.load(path)
    state['0.bias'][1] += 1
    torch.save(state, other)
    assert cli.run('verify', path.with_suffix('.torsh'), '--against', other).returncode == cli.REFUSED


def test_verify_finds_a_flipped_byte(tmp_path: Path) -> None:
    path = CHECKPOINTS['tiny'].write(tmp_path)
    cli.succeed('convert', path, 'to', 'torsh')
    target = path.with_suffix('.torsh')
    data = bytearray(target.read_bytes())
    for at in range(0, len(data), max(1, len(data) // 12)):
        data[at] ^= 0x10
        target.write_bytes(data)
        assert cli.run('verify', target).returncode in {cli.REFUSED, cli.BAD_FILE, cli.UNSAFE, cli.LIMIT}, f'byte {at}'
        data[at] ^= 0x10


# ---------------------------------------------------------------------------------------------- the oracle itself


def test_committed_fixtures_are_current() -> None:
    """The files in the repository hold what the builders make today, and the expectations are torch's."""
    folder = cli.ROOT / 'fixtures' / 'torch-save'
    recorded = json.loads((folder / 'expected.json').read_text())['files']
    assert set(recorded) == {f'{name}.pt' for name in CHECKPOINTS} == {path.name for path in folder.glob('*.pt')}
    for name, checkpoint in CHECKPOINTS.items():
        path = folder / f'{name}.pt'
        assert torch_save.expectation(checkpoint, path) == recorded[path.name]


@pytest.mark.parametrize('name', ['protocol-5', 'big-endian', 'no-crc', 'deflated', 'unaligned', 'like-1-13', 'stream'])
def test_the_way_of_writing_changes_nothing(name: str, tmp_path: Path) -> None:
    whole = [flatten(CHECKPOINTS[each].loaded(CHECKPOINTS[each].write(tmp_path))) for each in ('protocol-2', name)]
    assert whole[0] == whole[1] == flatten(CHECKPOINTS[name].built())
