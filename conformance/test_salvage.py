"""Checkpoints of real torch that were cut off: what salvage gives is what torch loads from the whole file."""

import json
import random
import zipfile
from pathlib import Path

import cli
import pytest
import torch
from flatten import dense_bytes
from safetensors.torch import load

MODEL = 'models/model.safetensors'


def twenty() -> dict[str, torch.Tensor]:
    torch.manual_seed(20)
    dtypes = [torch.float32, torch.bfloat16, torch.int64, torch.uint8, torch.float64]
    return {f'layer.{n}': (torch.randn(n + 3, 17) * 50).to(dtypes[n % len(dtypes)]) for n in range(20)}


def recovered(path: Path) -> dict[str, torch.Tensor]:
    with zipfile.ZipFile(path) as archive:
        return load(archive.read(MODEL)) if MODEL in archive.namelist() else {}


def write(path: Path, form: str) -> None:
    torch.save(twenty(), path, _use_new_zipfile_serialization=form != 'before 1.6')
    if form in {'as torch saves', 'before 1.6'}:
        return
    with zipfile.ZipFile(path) as old:
        records = [(name, old.read(name)) for name in old.namelist()]
    method = zipfile.ZIP_DEFLATED if form == 'deflated' else zipfile.ZIP_STORED
    with zipfile.ZipFile(path, 'w', method) as new:
        for name, content in records:
            new.writestr(name, content)


@pytest.mark.parametrize('form', ['as torch saves', 'before 1.6', 'stored again', 'deflated'])
def test_cut(tmp_path: Path, form: str) -> None:
    whole = tmp_path / 'whole.pt'
    write(whole, form)
    loaded = torch.load(whole, weights_only=True)
    content = whole.read_bytes()
    rng = random.Random(form)
    counts = []
    for round, length in enumerate(sorted(rng.sample(range(len(content)), 12))):
        cut, output = tmp_path / f'{round}.pt', tmp_path / f'{round}.torsh'
        cut.write_bytes(content[:length])
        result = cli.run('salvage', cut, output, '--json')
        if result.returncode == cli.BAD_FILE:
            assert not output.exists()
            continue
        document = json.loads(result.stdout)
        tensors = recovered(output)
        lost = {tensor['name'] for tensor in document['lost']}
        assert result.returncode == (cli.REFUSED if lost else cli.DONE)
        assert lost | set(tensors) == set(loaded) and not lost & set(tensors)
        for name, tensor in tensors.items():
            assert tensor.dtype == loaded[name].dtype and tensor.shape == loaded[name].shape
            assert dense_bytes(tensor) == dense_bytes(loaded[name]), (length, name)
        cli.succeed('verify', output)
        counts.append(len(tensors))
    assert counts == sorted(counts) and counts[-1] > 0


def test_sound(tmp_path: Path) -> None:
    whole = tmp_path / 'whole.pt'
    torch.save(twenty(), whole)
    assert 'nothing is wrong' in cli.succeed('salvage', whole)
    assert list(tmp_path.iterdir()) == [whole]


def test_damaged_middle(tmp_path: Path) -> None:
    """torch loads the damaged tensor without a word; salvage leaves it out."""
    path = tmp_path / 'x.pt'
    torch.save(twenty(), path)
    with zipfile.ZipFile(path) as archive:
        record = next(each for each in archive.infolist() if each.filename.endswith('/data/7'))
    content = bytearray(path.read_bytes())
    content[record.header_offset + 200] ^= 0xFF
    path.write_bytes(content)
    assert cli.run('salvage', path).returncode == cli.REFUSED
    tensors, loaded = recovered(tmp_path / 'x.salvaged.torsh'), torch.load(path, weights_only=True)
    assert set(loaded) - set(tensors) == {'layer.7'}
    assert all(dense_bytes(tensors[name]) == dense_bytes(loaded[name]) for name in tensors)
