"""Packages that we export and those of real torch: the same modules, graphs, errors and records, and real torch loads them."""

import contextlib
import importlib
import json
import linecache
import pickletools
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import package_scenarios
import pytest
import torch
from torch.package import EmptyMatchError, PackageExporter, PackageImporter, PackagingError, sys_importer
from torch.package.analyze import find_first_use_of_broken_modules

BRIDGE = Path(__file__).with_name('package_export_bridge.mjs')
SCENARIOS = package_scenarios.scenarios()


def bridge(jobs: list[dict]) -> list[dict]:
    result = subprocess.run(['node', str(BRIDGE)], input=json.dumps(jobs), capture_output=True, encoding='utf-8', timeout=300)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@contextlib.contextmanager
def environment(sources: dict[str, str], root: Path):
    """Python finds these sources, and forgets them afterwards."""
    for path, text in sources.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    known = set(sys.modules)
    sys.path.insert(0, str(root))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(root))
        for name in set(sys.modules) - known:
            if str(root) in str(getattr(sys.modules[name], '__path__', getattr(sys.modules[name], '__file__', ''))):
                del sys.modules[name]
        linecache.clearcache()


def value_of(spec, storages: dict):
    """The value as the scenarios spell it."""
    if isinstance(spec, list):
        return [value_of(each, storages) for each in spec]
    if not isinstance(spec, dict):
        return spec
    kind = next(iter(spec))
    given = spec[kind]
    match kind:
        case 'float':
            return given
        case 'int':
            return int(given)
        case 'tuple':
            return tuple(value_of(each, storages) for each in given)
        case 'set':
            return set(given)
        case 'dict':
            return {value_of(key, storages): value_of(value, storages) for key, value in given}
        case 'bytes':
            return given.encode()
        case 'class':
            found = importlib.import_module(given[0])
            for part in given[1].split('.'):
                found = getattr(found, part)
            return found
        case 'object':
            cls = value_of({'class': given}, storages)
            made = cls.__new__(cls)
            made.__dict__.update({key: value_of(value, storages) for key, value in spec['state'].items()})
            return made
        case 'tensor':
            on = spec.get('on')
            whole = storages.get(on)
            if whole is None:
                whole = torch.tensor(given, dtype=torch.float32)
            if on is not None:
                storages[on] = whole
            shape = spec.get('shape', [whole.numel()])
            dense = [1] * len(shape)
            for axis in reversed(range(len(shape) - 1)):
                dense[axis] = dense[axis + 1] * max(shape[axis + 1], 1)
            return whole.as_strided(shape, spec.get('stride', dense), spec.get('offset', 0))
    raise AssertionError(spec)


def options(more: dict) -> dict:
    names = {'allowEmpty': 'allow_empty', 'isPackage': 'is_package', 'protocol': 'pickle_protocol'}
    return {names.get(key, key): value for key, value in more.items()}


def told(error: Exception) -> dict:
    return {'name': type(error).__name__, 'message': str(error)}


def real(scenario: dict, root: Path) -> dict:
    """What real torch makes of a scenario."""
    storages, handles, hooked, answers = {}, {}, [], []
    out = root / 'real.pt'
    exporter = PackageExporter(str(out), debug=scenario.get('debug', False))

    def hook(name: str):
        def call(given: PackageExporter, module: str) -> None:
            hooked.append([name, module])
            if name.startswith('note-'):
                given.save_text('hooked', f'{name}-{module}.txt', module)

        return call

    does = {
        'intern': lambda include, more: exporter.intern(include, **options(more)),
        'extern': lambda include, more: exporter.extern(include, **options(more)),
        'mock': lambda include, more: exporter.mock(include, **options(more)),
        'deny': lambda include, more: exporter.deny(include, **options(more)),
        'module': lambda module, more: exporter.save_module(module, **options(more)),
        'string': lambda module, text, more: exporter.save_source_string(module, text, **options(more)),
        'file': lambda module, path: exporter.save_source_file(module, str(root / 'sources' / path)),
        'text': exporter.save_text,
        'binary': lambda inside, resource, text: exporter.save_binary(inside, resource, text.encode()),
        'pickle': lambda inside, resource, spec, more: exporter.save_pickle(inside, resource, value_of(spec, storages), **options(more)),
        'need': exporter.add_dependency,
        'hook': lambda kind, name: handles.update({name: getattr(exporter, f'register_{kind}_hook')(hook(name))}),
        'unhook': lambda name: handles[name].remove(),
        'id': exporter.get_unique_id,
    }
    for what, *given in scenario['ops']:
        try:
            answer = does[what](*given)
            answers.append(answer if what == 'id' else None)
        except Exception as error:
            answers.append(told(error))
    graph = exporter.dependency_graph
    result = {
        'answers': answers,
        'dot': exporter.dependency_graph_string(),
        'rdeps': {name: exporter.get_rdeps(name) for name in graph.nodes},
        'externed': exporter.externed_modules(),
        'interned': exporter.interned_modules(),
        'mocked': exporter.mocked_modules(),
        'denied': exporter.denied_modules(),
        'hooked': hooked,
    }
    try:
        exporter.close()
        result['records'] = records(out)
    except (PackagingError, EmptyMatchError) as error:
        result['error'] = told(error)
        if isinstance(error, PackagingError):
            result['firstUses'] = find_first_use_of_broken_modules(error)
    except AssertionError as error:
        # A module that was needed before it was saved: torch forgets to take the problem back.
        assert 'has NO_ACTION error but action is set' in str(error)
        result['upstream bug'] = str(error)
    return result


def records(path: Path) -> list[tuple[str, bytes]]:
    """Names and bytes in the order of the file, without the words of mocks; the id is of all bytes."""
    with zipfile.ZipFile(path) as file:
        found = [(name.split('/', 1)[1], file.read(name)) for name in file.namelist()]
    mocks = {name: b'' for name, data in found if name == '_mock.py' or b'MockedObject' in data}
    found = [(name, mocks.get(name, opcodes(data) if data.startswith(b'\x80\x04') else data)) for name, data in found]
    same = not mocks and all(isinstance(data, bytes) for _, data in found)
    return found if same else found[:-1]


def opcodes(data: bytes) -> list[tuple]:
    """A pickle without its frames, which say nothing."""
    return [(opcode.name, arg) for opcode, arg, _ in pickletools.genops(data) if opcode.name != 'FRAME']


@pytest.fixture(scope='module')
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """What we make of all scenarios: one process for all."""
    folder = tmp_path_factory.mktemp('ours')
    jobs = [
        {'pythonVersion': '.'.join(map(str, sys.version_info[:3])), **scenario, 'out': str(folder / name / 'real.pt')}
        for name, scenario in SCENARIOS.items()
    ]
    for name in SCENARIOS:
        (folder / name).mkdir()
    return {name: {**answer, 'path': folder / name / 'real.pt'} for name, answer in zip(SCENARIOS, bridge(jobs), strict=True)}


def without_cycle_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    """torch walks in cycles for ever; where there are none, this is its own walk."""
    graph = torch.package._digraph.DiGraph
    candidates = lambda self, node: sorted(self._pred[node], key=self._node_order.get)  # noqa: E731

    def first_path(self, dst: str) -> list[str]:
        path = []
        while dst and dst not in path:
            path.append(dst)
            dst = next(iter(candidates(self, dst)), '')
        return path[::-1]

    monkeypatch.setattr(graph, 'first_path', first_path)


@pytest.mark.parametrize('name', SCENARIOS)
def test_exports_as_torch_does(name: str, ours: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = SCENARIOS[name]
    without_cycle_bug(monkeypatch)
    with environment(scenario['sources'], tmp_path / 'sources'), warnings.catch_warnings():
        warnings.simplefilter('ignore')
        expected = real(scenario, tmp_path)
    got = dict(ours[name])
    path = got.pop('path')
    if 'error' not in got:
        got['records'] = records(path)
    if (bug := expected.pop('upstream bug', None)) is not None:
        assert not any(f'module {module} ' in bug for module in got.get('firstUses', {}))
        got = {key: got[key] for key in expected}
    got['answers'] = [answer_of(each) for each in got['answers']]
    expected['answers'] = [answer_of(each) for each in expected['answers']]
    got.get('error', {}).pop('code', None)
    assert got == expected


def answer_of(answer: dict | str | None) -> dict | str | None:
    """Errors on the spot have names and words of their own, but begin alike."""
    return {'message': answer['message'][:20]} if isinstance(answer, dict) else answer
