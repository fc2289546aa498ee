"""Our shards and those of huggingface_hub: the same files with the same tensors in them, and real torch loads each."""

import json
import signal
import subprocess
import time
from pathlib import Path

import cli
import pytest
import torch
from huggingface_hub import load_torch_model, save_torch_state_dict

INDEX = 'pytorch_model.bin.index.json'
WHOLE = 'pytorch_model.bin'


def some_state() -> dict[str, torch.Tensor]:
    """Tied names on both sides of every border, one tensor that is larger than most shards, and types of all widths."""
    generator = torch.Generator().manual_seed(5)
    dtypes = [torch.float32, torch.float16, torch.bfloat16, torch.float64]
    state = {
        f'layers.{number}.{"é" if number % 7 == 0 else "w"}': torch.randn(
            (number % 5 + 1, number % 3 + 1), generator=generator
        ).to(dtypes[number % 4])
        for number in range(40)
    }
    state['large'] = torch.randn(30, 7, generator=generator)
    state['mask'] = torch.tensor([True, False, True])
    state['steps'] = torch.tensor(7)
    state['head.weight'] = state['layers.30.w']
    state['tail.weight'] = state['layers.2.w']
    state['head.again'] = state['layers.30.w']
    return state


def ours(tmp_path: Path, state: dict[str, torch.Tensor], max_shard_size: int) -> Path:
    torch.save(state, tmp_path / 'state.pt')
    folder = tmp_path / 'ours'
    said = cli.succeed(
        'convert', tmp_path / 'state.pt', folder, '--to', 'torch-sharded', '--max-shard-size', max_shard_size, '--verify', '--json'
    )
    assert json.loads(said)['lossless']
    return folder


def load(path: Path) -> dict[str, torch.Tensor]:
    loaded = torch.load(path, weights_only=True, mmap=True)
    assert_equal(loaded, torch.load(path, weights_only=True))
    return loaded


def assert_equal(found: dict[str, torch.Tensor], expected: dict[str, torch.Tensor]) -> None:
    assert found.keys() == expected.keys()
    for name, tensor in expected.items():
        assert found[name].dtype == tensor.dtype and found[name].shape == tensor.shape, name
        assert torch.equal(found[name], tensor), name


@pytest.mark.parametrize('max_shard_size', [30, 100, 400, 100_000])
def test_shards_of_the_hub(tmp_path: Path, max_shard_size: int) -> None:
    state = some_state()
    (tmp_path / 'hub').mkdir()
    save_torch_state_dict(state, tmp_path / 'hub', max_shard_size=max_shard_size, safe_serialization=False)
    folder = ours(tmp_path, state, max_shard_size)
    names = sorted(path.name for path in (tmp_path / 'hub').iterdir())
    assert sorted(path.name for path in folder.iterdir()) == names
    assert (INDEX in names) == (max_shard_size < 100_000)
    if INDEX in names:
        assert (folder / INDEX).read_bytes() == (tmp_path / 'hub' / INDEX).read_bytes()
    for name in names:
        if name.endswith('.bin'):
            expected = torch.load(tmp_path / 'hub' / name, weights_only=True)
            found = load(folder / name)
            assert list(found) == list(expected)
            assert_equal(found, expected)


@pytest.mark.parametrize('max_shard_size', [100, 100_000])
def test_every_shard_is_a_state_dict_and_shares_what_was_shared(tmp_path: Path, max_shard_size: int) -> None:
    state = some_state()
    folder = ours(tmp_path, state, max_shard_size)
    paths = sorted(folder.glob('*.bin'))
    loaded = {path.name: load(path) for path in paths}
    if max_shard_size == 100:
        index = json.loads((folder / INDEX).read_text())
        assert index['weight_map'] == {name: file for file, tensors in loaded.items() for name in tensors}
        storages = {tensor.untyped_storage().data_ptr(): tensor.nbytes for tensor in state.values()}
        assert index['metadata'] == {'total_size': sum(storages.values())}
    together = {name: tensor for tensors in loaded.values() for name, tensor in tensors.items()}
    assert_equal(together, {name: state[name] for name in together})
    assert together.keys() == state.keys()
    for owner, others in {'layers.30.w': ['head.weight', 'head.again'], 'layers.2.w': ['tail.weight']}.items():
        for other in others:
            assert together[other].data_ptr() == together[owner].data_ptr()


class Tied(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed = torch.nn.Embedding(11, 6)
        self.body = torch.nn.Sequential(torch.nn.Linear(6, 6), torch.nn.BatchNorm1d(6))
        self.head = torch.nn.Linear(6, 11, bias=False)
        self.head.weight = self.embed.weight


@pytest.mark.parametrize('max_shard_size', [200, 100_000])
def test_the_hub_loads_a_model(tmp_path: Path, max_shard_size: int) -> None:
    torch.manual_seed(6)
    model = Tied()
    folder = ours(tmp_path, model.state_dict(), max_shard_size)
    assert (folder / INDEX).exists() == (max_shard_size == 200)
    loaded = Tied()
    load_torch_model(loaded, folder, safe=False, weights_only=True, strict=True)
    assert_equal(dict(loaded.state_dict()), dict(model.state_dict()))


def test_shards_are_one_checkpoint_again(tmp_path: Path) -> None:
    state = some_state()
    folder = ours(tmp_path, state, 100)
    cli.succeed('convert', folder, tmp_path / 'back.pt', '--verify')
    back = load(tmp_path / 'back.pt')
    assert_equal(back, {name: state[name] for name in back})
    assert back.keys() == state.keys()
    assert back['head.weight'].data_ptr() == back['layers.30.w'].data_ptr()


def test_twice_the_same_bytes(tmp_path: Path) -> None:
    state = some_state()
    first = {path.name: path.read_bytes() for path in ours(tmp_path, state, 100).iterdir()}
    (tmp_path / 'again').mkdir()
    assert {path.name: path.read_bytes() for path in ours(tmp_path / 'again', state, 100).iterdir()} == first


@pytest.mark.parametrize('name', [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_leaves_nothing(tmp_path: Path, name: signal.Signals) -> None:
    torch.save({f'w{number}': torch.zeros(2**23) for number in range(24)}, tmp_path / 'state.pt')
    run = cli.command('convert', tmp_path / 'state.pt', tmp_path / 'out', '--to', 'torch-sharded', '--max-shard-size', 2**25)
    process = subprocess.Popen(run, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # Once there is something that could be left.
    while process.poll() is None and len(list(tmp_path.iterdir())) == 1:
        time.sleep(0.005)
    process.send_signal(name)
    process.communicate(timeout=60)
    assert process.returncode != 0, 'it was done before it could be interrupted'
    assert [path.name for path in tmp_path.iterdir()] == ['state.pt']
