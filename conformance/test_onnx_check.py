"""Our checker against the real one, on thousands of models that are right or wrong in a known way."""

import base64
import importlib.util
import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import onnx
import onnx_mutations
import onnxruntime
import pytest
from cli import ROOT
from onnx import checker, helper

FIXTURES = ROOT / 'fixtures' / 'onnx'

RUNTIME = 'the checker accepts it and onnxruntime refuses it'

# Where our verdict is another one: the rule that finds it alone, and why. Every other model must have the same verdict.
DIFFERENCES = {
    'runtime-data-size': RUNTIME,
    'runtime-data-type': RUNTIME,
    'runtime-external-type': RUNTIME,
    'runtime-external-key': RUNTIME,
    'runtime-external-range': RUNTIME,
}

# What the checker refuses and we do not.
ACCEPTED = {
    'external: a link within the folder': 'caches of the Hugging Face hub are made of links; those that lead out are refused',
    'external: a file with two names': 'file systems that share equal files do so; a tree of files has no way to see it',
}


def answers_of(jobs):
    bridge = ROOT / 'conformance' / 'onnx_check_bridge.mjs'
    done = subprocess.run(['node', bridge], input=json.dumps(jobs).encode(), capture_output=True, check=True)
    return json.loads(done.stdout)


def real_verdict(model):
    """What the real checker says of a path or of bytes; empty where it has nothing to say."""
    try:
        checker.check_model(model)
    except (checker.ValidationError, onnx.shape_inference.InferenceError, ValueError) as error:
        return str(error)
    return ''


def external_models(folder: Path):
    """Models whose weights lie in other files, in folders of their own."""
    cases = {
        'as it should be': [('location', 'data.bin')],
        'with an offset and a length': [('location', 'data.bin'), ('offset', '8'), ('length', '16')],
        'in a folder': [('location', 'sub/data.bin')],
        'with a detour': [('location', 'sub/../data.bin')],
        'with dots and slashes': [('location', './/sub/./data.bin')],
        'with a check sum': [('location', 'data.bin'), ('checksum', '0' * 40)],
        'with a base path': [('location', 'data.bin'), ('basepath', '/nowhere')],
        'without a location': [('offset', '0')],
        'with nothing': [],
        'with an empty location': [('location', '')],
        'outside of the folder': [('location', '../data.bin')],
        'outside by a detour': [('location', 'sub/../../data.bin')],
        'absolute': [('location', '/etc/hostname')],
        'with two dots in a name': [('location', 'data..bin')],
        'that is not there': [('location', 'nowhere.bin')],
        'that is a folder': [('location', 'sub')],
        'that is the folder of the model': [('location', '.')],
        'that is a pipe': [('location', 'pipe.bin')],
        'by a link that leads out': [('location', 'out.bin')],
        'in a linked folder that leads out': [('location', 'away/data.bin')],
        'a link within the folder': [('location', 'link.bin')],
        'a file with two names': [('location', 'hard.bin')],
        'with a key of its own': [('location', 'data.bin'), ('sha256', '0')],
        'of another length': [('location', 'data.bin'), ('length', '12')],
        'beyond the end': [('location', 'data.bin'), ('offset', '64')],
        'with an offset below zero': [('location', 'data.bin'), ('offset', '-1')],
        'with an offset that is no number': [('location', 'data.bin'), ('offset', '0x8')],
    }  # fmt: skip
    outside = folder / 'outside'
    outside.mkdir()
    (outside / 'data.bin').write_bytes(bytes(64))
    for index, (name, entries) in enumerate(cases.items()):
        place = folder / str(index)
        (place / 'sub').mkdir(parents=True)
        for path in ('data.bin', 'sub/data.bin', 'data..bin', 'hard.bin'):
            (place / path).write_bytes(bytes(64))
        os.link(place / 'hard.bin', place / 'other.bin')
        (place / 'link.bin').symlink_to('data.bin')
        (place / 'out.bin').symlink_to(outside / 'data.bin')
        (place / 'away').symlink_to(outside)
        os.mkfifo(place / 'pipe.bin')
        yield f'external: {name}', place, external_model(entries)
    for name, change in {
        'and data here': lambda tensor: setattr(tensor, 'raw_data', bytes(16)),
        'of strings': lambda tensor: setattr(tensor, 'data_type', 8),
        'of an unknown type': lambda tensor: setattr(tensor, 'data_type', 99),
        'of no type': lambda tensor: tensor.ClearField('data_type'),
    }.items():
        model = external_model([('location', 'data.bin')])
        change(model.graph.initializer[0])
        place = folder / name
        place.mkdir()
        (place / 'data.bin').write_bytes(bytes(64))
        yield f'external: {name}', place, model


def external_model(entries):
    tensor = onnx.TensorProto(name='w', dims=[4], data_type=1, data_location=onnx.TensorProto.EXTERNAL)
    for key, value in entries:
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    return with_used_weight(onnx_mutations.model_of([], outputs=(), initializers=[tensor]))


def with_used_weight(model):
    """The runtime throws away weights that nothing uses, and looks at them no more."""
    tensor = model.graph.initializer[0]
    model.graph.node.append(helper.make_node('Identity', [tensor.name], ['used']))
    model.graph.output.append(onnx_mutations.value('used', list(tensor.dims), tensor.data_type))
    return model


@pytest.fixture(scope='module')
def both(tmp_path_factory):
    """Our rules; and name → what the real checker says, the rules that we find broken, the model and its path."""
    made = [*onnx_mutations.structures(), *onnx_mutations.tensors(), *onnx_mutations.operators()]
    cases = [(name, model.SerializeToString(), None) for name, model in made]
    cases += [(name, encoded, None) for name, encoded in onnx_mutations.encoded()]
    for name, place, model in external_models(tmp_path_factory.mktemp('external')):
        path = place / 'model.onnx'
        path.write_bytes(model.SerializeToString())
        cases.append((name, model.SerializeToString(), path))
    folder = tmp_path_factory.mktemp('fixtures') / 'onnx'
    shutil.copytree(FIXTURES, folder)
    for path in sorted(folder.rglob('*.onnx')):
        alone = path.parent == folder
        cases.append((f'fixture {path.relative_to(folder)}', path.read_bytes(), None if alone else path))
    jobs = [{'path': str(path)} if path else {'model': base64.b64encode(encoded).decode()} for _, encoded, path in cases]
    results = {}
    said = answers_of(jobs)
    for (name, encoded, path), findings in zip(cases, said['answers'], strict=True):
        assert name not in results, f'two models are called {name}'
        ours = {finding['rule'] for finding in findings if finding['severity'] == 'error'}
        results[name] = (real_verdict(str(path) if path else encoded), ours, encoded, path)
    return said['rules'], results


@pytest.fixture
def rules(both):
    return both[0]


@pytest.fixture
def checked(both):
    return both[1]


def test_there_are_models_enough(checked):
    wrong = sum(1 for real, *_ in checked.values() if real)
    assert len(checked) > 6_000
    assert 300 < wrong < len(checked) - 300


def test_same_verdict(checked):
    for name, (real, ours, *_) in checked.items():
        if name in ACCEPTED:
            assert real and not ours, f'{name} is no difference any more'
        elif not real:
            assert ours <= DIFFERENCES.keys(), f'{name}: the checker accepts it, and we find {ours}'
        else:
            assert ours, f'{name}: the checker says {real!r}, and we find nothing'


def test_every_rule_is_broken_by_a_model(checked, rules):
    found = set().union(*(ours for _, ours, *_ in checked.values()))
    assert found - {'malformed', 'truncated', 'limit'} == set(rules)
    alone = set().union(*(ours for name, (real, ours, *_) in checked.items() if not real))
    assert alone == DIFFERENCES.keys() == {rule for rule in rules if rule.startswith('runtime-')}


def test_runtime_refuses_what_only_we_find(checked):
    onnxruntime.set_default_logger_severity(4)
    for name, (real, ours, encoded, path) in checked.items():
        if real or not ours or name.startswith('sparse'):
            continue
        model = onnx.ModelProto.FromString(encoded)
        model.ir_version = min(model.ir_version, 13)
        if path is None:
            with_used_weight(model)
        lent = model.SerializeToString()
        if path is not None:
            lent = str(path.with_name('runtime.onnx'))
            Path(lent).write_bytes(model.SerializeToString())
        assert not loads(lent), f'onnxruntime accepts {name}'


def test_same_verdict_on_damaged_models():
    """One byte changed somewhere: what the checker refuses we refuse, and hardly anything else."""
    chance = random.Random(7)
    damaged = []
    for path in sorted(FIXTURES.glob('*.onnx')):
        for _ in range(40):
            encoded = bytearray(path.read_bytes())
            place = chance.randrange(len(encoded))
            encoded[place] ^= chance.choice([1, 2, 4, 8, 0x10, 0x80, 0xFF])
            damaged.append((f'{path.name}, byte {place}', bytes(encoded)))
    jobs = [{'model': base64.b64encode(encoded).decode()} for _, encoded in damaged]
    for (name, encoded), findings in zip(damaged, answers_of(jobs)['answers'], strict=True):
        real = real_verdict(encoded)
        ours = {finding['rule'] for finding in findings if finding['severity'] == 'error'}
        # A field of another wire type is one that protobuf does not know; we do not read such a file.
        expected = ours <= DIFFERENCES.keys() | {'malformed'} if not real else bool(ours)
        assert expected, f'{name}: the checker says {real!r}, and we find {ours}'


def loads(model):
    try:
        onnxruntime.InferenceSession(model, providers=['CPUExecutionProvider'])
    except Exception:  # noqa: BLE001 - the runtime has an error of its own for each reason
        return False
    return True


def test_operators_are_those_of_onnx():
    path = ROOT / 'fixtures' / 'generate' / 'onnx_operators.py'
    spec = importlib.util.spec_from_file_location('onnx_operators', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.TARGET.read_text() == module.table()
