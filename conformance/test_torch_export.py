"""Programs exported by real torch: models, names, types, shapes and bytes must be those that torch loads, in its order."""

import json
import logging
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cli
import pytest
import safetensors
import torch
import torch_sharded
from flatten import Flat, flatten
from torch_export_files import FILES, expected


@dataclass
class Case:
    """One program, saved afresh; its conversion is made once for all tests."""

    name: str
    folder: Path

    @cached_property
    def path(self) -> Path:
        path = self.folder / f'{self.name}.pt2'
        torch.manual_seed(0)
        FILES[self.name](path)
        return path

    @cached_property
    def expected(self) -> dict[str, Flat]:
        return expected(self.path)


@pytest.fixture(scope='module', params=sorted(FILES))
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    logging.disable(logging.ERROR)
    return Case(request.param, tmp_path_factory.mktemp(request.param))


def listed(document: dict, models: dict[str, Flat]) -> dict:
    """What `inspect` lists, by model; a single model is not named."""
    single = next(iter(models))
    found = {name: {'tensors': [], 'aliases': {}} for name in models}
    for tensor in document['tensors']:
        fields = {key: tensor[key] for key in ('name', 'dtype', 'shape', 'sha256')}
        found[tensor.get('model', single)]['tensors'].append(fields)
    for alias, owner in document['aliases'].items():
        model, _, name = alias.rpartition(':') if len(models) > 1 else (single, '', alias)
        found[model]['aliases'][name] = owner.removeprefix(f'{model}:')
    return found


def test_finds_what_torch_loads(case: Case) -> None:
    document = cli.inspect(case.path)
    wanted = {
        name: {'tensors': [tensor.summary() for tensor in flat.tensors.values()], 'aliases': flat.aliases}
        for name, flat in case.expected.items()
    }
    assert listed(document, case.expected) == wanted
    assert [issue for issue in document['issues'] if issue['severity'] != 'note'] == []


def test_is_sound_and_converts(case: Case) -> None:
    cli.succeed('verify', case.path)
    cli.succeed('convert', case.path, 'to', 'torsh', '--verify')
    torsh = case.path.with_suffix('.torsh')
    before, after = cli.inspect(case.path), cli.inspect(torsh)
    tensors, again = ({json.dumps(tensor, sort_keys=True) for tensor in each['tensors']} for each in (before, after))
    assert tensors == again
    assert after['aliases'] == before['aliases']
    sums = [{(each['path'], each['sha256']) for each in document['resources']} for document in (before, after)]
    assert sums[0] == sums[1]


def test_weights_open_in_safetensors(tmp_path: Path) -> None:
    path = tmp_path / 'linear.pt2'
    FILES['linear'](path)
    cli.fail(cli.REFUSED, 'convert', path, 'to', 'safetensors', names=path)
    cli.succeed('convert', path, 'to', 'safetensors', '--allow-loss')
    weights = torch.export.load(path).state_dict
    with safetensors.safe_open(path.with_suffix('.safetensors'), framework='pt') as file:
        assert set(file.keys()) == set(weights)
        for name, tensor in weights.items():
            assert torch.equal(file.get_tensor(name), tensor)


def test_shards_are_one_model(tmp_path: Path) -> None:
    folder = tmp_path / 'model'
    torch_sharded.write(folder, torch_sharded.shards_of_a_model())
    whole = {}
    for path in folder.glob('*.bin'):
        whole |= torch.load(path)
    found = flatten(whole)
    for entry in (folder, folder / 'pytorch_model.bin.index.json'):
        document = cli.inspect(entry)
        summaries = {tensor['name']: tensor['sha256'] for tensor in document['tensors']}
        assert summaries == {name: each.summary()['sha256'] for name, each in found.tensors.items()}
        assert document['aliases'] == found.aliases
    cli.succeed('convert', folder, 'to', 'safetensors')
    cli.succeed('convert', folder / 'pytorch_model.bin.index.json', 'to', 'torsh', '--verify')
    assert (folder / 'pytorch_model.torsh').exists()
    with safetensors.safe_open(tmp_path / 'model.safetensors', framework='pt') as file:
        assert all(torch.equal(file.get_tensor(name), whole[name]) for name in found.tensors)


def test_an_index_must_tell_the_truth(tmp_path: Path) -> None:
    torch_sharded.write(tmp_path, torch_sharded.shards_of_a_model())
    path = tmp_path / 'pytorch_model.bin.index.json'
    index = json.loads(path.read_text())
    index['weight_map']['view'] = index['weight_map']['10']
    path.write_text(json.dumps(index))
    cli.fail(cli.BAD_FILE, 'inspect', path, names=path.with_name(index['weight_map']['10']))
