"""Real onnx and real onnxruntime take what we write for what they wrote, and every model comes back to the byte."""

import hashlib
import json
import os
import subprocess
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, numpy_helper
from onnx.backend.test.case.node import collect_testcases
from onnx_models import MODELS
from safetensors.numpy import load_file

BRIDGE = Path(__file__).with_name('onnx_bridge.mjs')
DTYPES = {
    TensorProto.FLOAT: 'F32', TensorProto.DOUBLE: 'F64', TensorProto.FLOAT16: 'F16', TensorProto.BOOL: 'BOOL',
    TensorProto.INT8: 'I8', TensorProto.INT16: 'I16', TensorProto.INT32: 'I32', TensorProto.INT64: 'I64',
    TensorProto.UINT8: 'U8', TensorProto.UINT16: 'U16', TensorProto.UINT32: 'U32', TensorProto.UINT64: 'U64',
    TensorProto.COMPLEX64: 'C64', TensorProto.COMPLEX128: 'C128',
}  # fmt: skip


# Models of which a tensor stays in the graph, because its numbers alone would not give it back.
KEPT = {
    'strings', 'odd-nibbles', 'wrong-size', 'two-fields', 'typed-float6e2m3', 'wire-long-number',
    'wire-half-sign-extended', 'wire-long-length-of-data', 'wire-data-twice', 'wire-tensor-in-parts', 'wire-segment',
    'wire-no-type', 'wire-future-type', 'wire-negative-dimension', 'external-kept/model',
}  # fmt: skip


def run(jobs: list[dict]) -> list[dict]:
    result = subprocess.run(
        ['node', BRIDGE], input=json.dumps(jobs), capture_output=True, encoding='utf-8', timeout=300
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture(scope='module')
def made(tmp_path_factory) -> dict[str, Path]:
    """All models of ours, also those that are not committed."""
    folder = tmp_path_factory.mktemp('onnx')
    return {name: model.write(folder) for name, model in MODELS.items()}


@pytest.fixture(scope='module')
def corpus(tmp_path_factory) -> list[Path]:
    """The models of onnx's own tests: those that lie in the package, and one for each test of an operator."""
    folder = tmp_path_factory.mktemp('corpus')
    data = Path(onnx.__file__).parent / 'backend' / 'test' / 'data'
    paths = sorted(data.rglob('*.onnx'))
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        cases = collect_testcases(None)
    for case in cases:
        if case.model is None:
            continue
        path = folder / f'{case.name}.onnx'
        path.write_bytes(case.model.SerializeToString())
        paths.append(path)
    return paths


def test_every_model_comes_back_to_the_byte(made):
    answers = run([{'path': str(path)} for path in made.values()])
    for (name, path), answer in zip(made.items(), answers, strict=True):
        assert answer.get('differs') == [], (name, answer)
        assert answer['detected'] == 'certain', name
        beside = {str(each.relative_to(path.parent)) for each in path.parent.rglob('*') if each.is_file()}
        expected = beside if '/' in name else {path.name}
        assert set(answer['files']) == expected, name
        assert all(issue['severity'] == 'note' for issue in answer['issues']), (name, answer['issues'])
    kept = {
        name
        for (name, _), answer in zip(made.items(), answers, strict=True)
        if any(issue['code'] == 'kept-in-graph' for issue in answer['issues'])
    }
    assert kept == KEPT
    assert len(made) >= 120


def test_tensors_are_what_onnx_reads(made):
    """Initializers of the main graph, by name, type, shape and every byte."""
    answers = run([{'path': str(path)} for path in made.values()])
    compared = 0
    for (name, path), answer in zip(made.items(), answers, strict=True):
        if not MODELS[name].valid:
            continue
        ours = {tensor['name']: tensor for tensor in answer['tensors']}
        model = onnx.load(path)
        for proto in model.graph.initializer:
            if proto.data_type not in DTYPES:
                continue
            array = numpy_helper.to_array(proto, str(path.parent))
            tensor = ours[proto.name] if proto.name in ours else None
            if tensor is None:
                # One stretch of a file under two names is one tensor.
                assert 'shared' in name, (name, proto.name)
                continue
            assert (tensor['dtype'], tensor['shape']) == (DTYPES[proto.data_type], list(proto.dims)), (name, proto.name)
            assert tensor['sha256'] == hashlib.sha256(array.tobytes()).hexdigest(), (name, proto.name)
            compared += 1
    assert compared > 3000


def test_the_corpus_of_onnx_comes_back_to_the_byte(corpus):
    answers = run([{'path': str(path)} for path in corpus])
    wrong = [(path.name, answer) for path, answer in zip(corpus, answers, strict=True) if answer.get('differs') != []]
    assert wrong == []
    assert {answer['detected'] for answer in answers} == {'certain'}
    assert len(corpus) > 1000


VARIANTS = {
    'as-it-was': {},
    'beside': {'externalData': 1},
    'large-beside': {'externalData': 16},
    'safetensors': {'weightsIn': 'safetensors'},
}


def outputs(path: Path) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(str(path), providers=['CPUExecutionProvider'])
    inputs = {each.name: np.arange(12, dtype=np.float32).reshape(4, 3) for each in session.get_inputs()[:1]}
    return session.run(None, inputs)


@pytest.fixture(scope='module')
def runnable(made) -> list[str]:
    external = ('one', 'many', 'gaps', 'reversed', 'folders', 'mixed', 'aligned', 'safetensors', 'detours')
    names = [name for name, model in MODELS.items() if model.runs]
    return [*names, 'unpacked-by-onnx', *(f'external-{name}/model' for name in external)]


@pytest.mark.parametrize('variant', VARIANTS)
def test_onnx_and_onnxruntime_take_what_we_write(made, runnable, variant, tmp_path):
    onnxruntime.set_default_logger_severity(4)
    out = {name: tmp_path / name.replace('/', '-') / 'made.onnx' for name in runnable}
    jobs = [{'path': str(made[name]), 'out': str(out[name]), 'options': VARIANTS[variant]} for name in runnable]
    for name, answer in zip(runnable, run(jobs), strict=True):
        assert 'error' not in answer, (name, answer)
        onnx.checker.check_model(str(out[name]))
        before, after = outputs(made[name]), outputs(out[name])
        assert len(before) == len(after) > 0, name
        for one, other in zip(before, after, strict=True):
            assert np.array_equal(one, other), name


def test_everything_is_valid_wherever_its_weights_lie(made, tmp_path):
    """Also models that no runtime runs: the real checker takes all that it took before."""
    names = [name for name, model in MODELS.items() if model.valid and not name.startswith('wire')]
    jobs = []
    for variant, options in {**VARIANTS, 'inside': {'externalData': 2**53 - 1}}.items():
        for name in names:
            out = tmp_path / variant / name.replace('/', '-') / 'made.onnx'
            jobs.append({'path': str(made[name]), 'out': str(out), 'options': options})
    refused = []
    for job, answer in zip(jobs, run(jobs), strict=True):
        assert 'error' not in answer, (job, answer)
        verdicts = []
        for path in (job['path'], job['out']):
            try:
                onnx.checker.check_model(path)
                verdicts.append(None)
            except onnx.checker.ValidationError as error:
                verdicts.append(str(error))
        if verdicts[0] is None and verdicts[1] is not None:
            refused.append((job['out'], verdicts[1]))
    assert refused == []


def test_external_data_are_aligned_and_have_legal_keys_only(made, tmp_path):
    out = tmp_path / 'made.onnx'
    run([{'path': str(made['metadata']), 'out': str(out), 'options': {'externalData': 1}}])
    model = onnx.load(out, load_external_data=False)
    assert {each.name for each in tmp_path.iterdir()} == {'made.onnx', 'made.onnx.data'}
    for tensor in model.graph.initializer:
        said = {entry.key: entry.value for entry in tensor.external_data}
        assert list(said) == ['location', 'offset', 'length']
        assert int(said['offset']) % 65536 == 0
        assert not tensor.HasField('raw_data')
    # What is said of a weight stays with it.
    assert model.graph.initializer[0].doc_string == 'weights'
    assert model.graph.initializer[0].metadata_props[0].value == 'ä someone'


def test_one_weights_file_serves_both_worlds(made, tmp_path):
    out = tmp_path / 'made.onnx'
    run([{'path': str(made['metadata']), 'out': str(out), 'options': {'weightsIn': 'safetensors'}}])
    weights = load_file(tmp_path / 'made.safetensors')
    model = onnx.load(out)
    assert set(weights) == {'w', 'b'}
    for tensor in model.graph.initializer:
        assert np.array_equal(weights[tensor.name], numpy_helper.to_array(tensor))
    assert np.array_equal(outputs(out)[0], outputs(made['metadata'])[0])
    # And we read it again, as a model and as weights.
    [answer] = run([{'path': str(out)}])
    assert answer['differs'] == [] and set(answer['files']) == {'made.onnx', 'made.safetensors'}


@pytest.mark.parametrize('name', ['ir-8', 'unpacked-by-onnx', 'external-gaps/model', 'external-one/model'])
@pytest.mark.parametrize('variant', VARIANTS)
def test_other_weights_are_what_the_runtime_computes_with(made, name, variant, tmp_path):
    out = tmp_path / 'made.onnx'
    [answer] = run([
        {'path': str(made[name]), 'out': str(out), 'options': VARIANTS[variant], 'fill': {'w': 0.5, 'b': 100}}
    ])  # fmt: skip
    assert 'error' not in answer
    x = np.arange(12, dtype=np.float32).reshape(4, 3)
    assert np.array_equal(outputs(out)[0], x @ np.full((3, 2), 0.5, np.float32) + 100)
    assert out.stat().st_size == made[name].stat().st_size or variant != 'as-it-was'


def test_models_from_a_download_cache(made, tmp_path):
    """The layout of Hugging Face: model and weights are links into `blobs`."""
    snapshot = tmp_path / 'models--x' / 'snapshots' / 'abc'
    blobs = tmp_path / 'models--x' / 'blobs'
    snapshot.mkdir(parents=True)
    blobs.mkdir()
    source = made['external-gaps/model'].parent
    for index, name in enumerate(('model.onnx', 'weights.bin')):
        (blobs / f'{index}').write_bytes((source / name).read_bytes())
        os.symlink(f'../../blobs/{index}', snapshot / name)
    [answer] = run([{'path': str(snapshot / 'model.onnx')}])
    assert answer['differs'] == []


def test_hostile_paths_are_refused(tmp_path):
    """Paths that lead out: by name, by link, and to nothing."""
    from onnx_external import external, holding

    secret = tmp_path / 'secret'
    secret.write_bytes(bytes(64))
    folder = tmp_path / 'model'
    folder.mkdir()
    os.symlink(secret, folder / 'link')
    os.symlink(tmp_path, folder / 'way')
    (folder / 'short').write_bytes(bytes(8))
    cases = {
        '../secret': 'unsafe', str(secret): 'unsafe', 'link': 'unsafe', 'way/secret': 'unsafe', 'a/../../secret': 'unsafe',
        'absent': 'not-found', 'short': 'truncated', '..\\secret': 'unsafe', '.': 'unsafe',
    }  # fmt: skip
    jobs = []
    for index, location in enumerate(cases):
        path = folder / f'{index}.onnx'
        path.write_bytes(holding(external('w', [4], location, 0, 16)).SerializeToString())
        jobs.append({'path': str(path)})
    answers = run(jobs)
    assert {location: answer.get('error') for location, answer in zip(cases, answers, strict=True)} == cases
