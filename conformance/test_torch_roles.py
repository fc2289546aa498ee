"""Whole modules and parts of checkpoints: what a user of real torch would load must be what we write."""

from collections.abc import Callable
from pathlib import Path

import cli
import pytest
import torch
from safetensors.torch import load_file
from torch_save import CHECKPOINTS
from torch_save_training import small_model

State = dict[str, torch.Tensor]


def tensors_of(state: dict) -> State:
    return {name: value for name, value in state.items() if not torch.nn.parameter.is_lazy(value)}


def under(key: str) -> Callable[[dict], State]:
    return lambda loaded: loaded[key]


MODULES = sorted(name for name in CHECKPOINTS if name.startswith('module-') or name == 'whole-module')

# The part of what torch loads that a role stands for.
ROLES: dict[tuple[str, str], Callable[[dict], State]] = {
    ('training-adam', 'weights'): under('model'),
    ('training-sgd', 'weights'): under('model_state_dict'),
    ('training-ema', 'ema'): under('ema'),
    ('lightning', 'weights'): under('state_dict'),
    ('shape-lightning-averaged', 'weights'): under('current_model_state'),
    ('shape-lightning-averaged', 'ema'): under('state_dict'),
    ('shape-deepspeed', 'weights'): under('module'),
    ('shape-fairseq', 'weights'): under('model'),
    ('shape-fairseq', 'ema'): lambda loaded: loaded['extra_state']['ema'],
    ('shape-timm', 'weights'): under('state_dict'),
    ('shape-timm', 'ema'): under('state_dict_ema'),
    ('shape-basicsr', 'weights'): under('params'),
    ('shape-basicsr', 'ema'): under('params_ema'),
    ('shape-data-parallel', 'weights'): under('state_dict'),
    ('shape-yolo', 'weights'): lambda loaded: loaded['ema'].state_dict(),
    ('shape-yolo-5', 'weights'): lambda loaded: loaded['model'].state_dict(),
    ('shape-yolo-5', 'ema'): lambda loaded: loaded['ema'].state_dict(),
}


@pytest.mark.parametrize('name', MODULES)
def test_names_and_order_of_a_module(name: str, tmp_path: Path) -> None:
    checkpoint = CHECKPOINTS[name]
    path = checkpoint.write(tmp_path)
    top = checkpoint.loaded(path)
    document = cli.inspect(path)
    ours = [tensor['name'] for tensor in document['tensors'] if tensor['model'] == 'model']
    aliases = [alias.removeprefix('model:') for alias in document['aliases'] if not alias.startswith('extra:')]
    if isinstance(top, torch.nn.Module):
        names = list(tensors_of(top.state_dict(keep_vars=True)))
    else:
        names = [f'{key}.{name}' for key, module in top.items() for name in module.state_dict()]
    assert ours == [name for name in names if name not in aliases]
    assert sorted(ours + aliases) == sorted(names)


@pytest.mark.parametrize(('name', 'role'), ROLES)
def test_a_role_is_what_a_model_loads(name: str, role: str, tmp_path: Path) -> None:
    """Without leave for a loss: who asks for a part leaves the rest behind."""
    path = CHECKPOINTS[name].write(tmp_path)
    target = tmp_path / 'part.safetensors'
    cli.succeed('convert', path, target, '--select', role, '--verify')
    expected = ROLES[name, role](CHECKPOINTS[name].loaded(path))
    ours = load_file(target)
    assert set(ours) <= set(expected)
    for key, tensor in ours.items():
        assert torch.equal(tensor, expected[key])
    if not name.startswith('shape-yolo') and 'data-parallel' not in name and 'lightning' != name:
        small_model().load_state_dict(ours, strict=True)


def test_an_unknown_role_is_a_wrong_command(tmp_path: Path) -> None:
    path = CHECKPOINTS['training-adam'].write(tmp_path)
    refused = cli.run('convert', path, tmp_path / 'x.safetensors', '--select', 'ema')
    assert refused.returncode == 2
    assert 'weights' in refused.stderr
    assert [*tmp_path.iterdir()] == [path]


def test_renamed_tensors_load(tmp_path: Path) -> None:
    path = CHECKPOINTS['shape-data-parallel'].write(tmp_path)
    names = tmp_path / 'names.json'
    names.write_text('{"module.*": "*"}')
    target = tmp_path / 'x.safetensors'
    cli.succeed('convert', path, target, '--select', 'weights', '--rename', names, '--verify')
    small_model().load_state_dict(load_file(target), strict=True)
