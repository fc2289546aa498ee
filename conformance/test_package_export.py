"""Packages that we export and those of real torch: the same modules, graphs, errors and records, and real torch loads them."""

import collections
import contextlib
import importlib
import io
import json
import linecache
import pickletools
import re
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import module_names
import package_scenarios
import pytest
import torch
import torch.fx
from cli import ROOT, succeed
from torch.package import EmptyMatchError, PackageExporter, PackageImporter, PackagingError
from torch.package.analyze import find_first_use_of_broken_modules

FIXTURES = ROOT / 'fixtures' / 'package-export'
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
    if not importable(tmp_path / 'real.pt', expected):
        # torch writes a package that it cannot read again; we say so and write none.
        assert got.pop('error')['name'] == 'RequestError'
        expected.pop('records')
    got['answers'] = [answer_of(each) for each in got['answers']]
    expected['answers'] = [answer_of(each) for each in expected['answers']]
    got.get('error', {}).pop('code', None)
    assert got == expected
    if 'records' in got:
        same_imports(path, tmp_path / 'real.pt', got['interned'] + got['mocked'])


def importable(path: Path, result: dict) -> bool:
    if 'records' not in result:
        return True
    try:
        PackageImporter(str(path))
    except ImportError as error:
        assert 'inconsistent module structure' in str(error)
        return False
    return True


def same_imports(ours: Path, theirs: Path, modules: list[str]) -> None:
    """Every module can be imported from both packages, or from none for the same reason."""
    importers = [PackageImporter(str(path)) for path in (ours, theirs)]
    for module in modules:
        assert len({outcome(importer, module) for importer in importers}) == 1, module


def outcome(importer: PackageImporter, module: str) -> tuple[str, ...]:
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter('ignore')
            found = importer.import_module(module)
        names = [name for name in vars(found) if not name.startswith('__')]
        return (*sorted(names), str(hasattr(found, '__path__')))
    except Exception as error:
        return (type(error).__name__, re.sub(r'<torch_package_\d+>|"[^"]*real.pt"', '', str(error)))


def answer_of(answer: dict | str | None) -> dict | str | None:
    """Errors on the spot have names and words of their own, but begin alike."""
    return {'message': answer['message'][:20]} if isinstance(answer, dict) else answer


def load(path: Path, package: str, resource: str):
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        return PackageImporter(str(path)).load_pickle(package, resource)


def test_tensors_are_equal_and_shared(ours: dict) -> None:
    path = ours['tensors']['path']
    loaded = load(path, 'o', 'a.pkl')
    assert loaded['w'].tolist() == [[1, 2], [3, 4]] and loaded['v'].tolist() == [2, 3] and loaded['n'].tolist() == [5]
    loaded['w'][0, 1] = 9
    assert loaded['v'].tolist() == [9, 3]
    assert load(path, 'o', 'b.pkl').tolist() == [1, 2, 3, 4]
    assert load(path, 'o', 'c.pkl').shape == (0,)


def test_pickles_load(ours: dict) -> None:
    loaded = load(ours['pickles']['path'], 'o', 'a.pkl')
    assert loaded == {'x': (1, 2.5, None, True), 3: b'abc', 'big': -(2**70), 's': {1}, 'neg': -5}
    first, second, counter = load(ours['pickles']['path'], 'o', 'b.pkl')
    assert (first.a, first.b, first.kind, second.__name__, counter) == ([1], 'é', 1, 'PackageObject', collections.Counter)
    assert type(first).__module__.startswith('<torch_package_')
    long, numbers, _ = load(ours['pickles-protocol-4']['path'], 'o', 'a.pkl')
    assert long.a == 'x' * 300 and numbers == {1}


def test_classes_in_classes_load_with_protocol_4(tmp_path: Path) -> None:
    """torch writes their names with dots then, and its importer does not find them."""
    out = tmp_path / 'out.pt'
    ops = [['intern', '**', {}], ['pickle', 'o', 'o.pkl', {'class': ['pa.sub', 'SubObject.Inner']}, {'protocol': 4}]]
    [answer] = bridge([{'out': str(out), 'sources': package_scenarios.MODEL, 'ops': ops}])
    assert answer['externed'] == ['builtins', 'math'] and answer['interned'] == ['pa.sub']
    assert load(out, 'o', 'o.pkl').__qualname__ == 'SubObject.Inner'


def test_mocks_raise(ours: dict, tmp_path: Path) -> None:
    """Every use of a stand-in says what torch's own says."""
    scenario = SCENARIOS['mock']
    with environment(scenario['sources'], tmp_path / 'sources'):
        real(scenario, tmp_path)
    said = []
    for path in (ours['mock']['path'], tmp_path / 'real.pt'):
        mocker = PackageImporter(str(path)).import_module('mocker')
        said.append([mocked(mocker.used), mocked(lambda: mocker.ma.result()), repr(mocker.ma.result).split('.', 1)[1]])
        for name in magic_methods():
            said[-1].append(mocked(lambda name=name: getattr(type(mocker.ma.result), name)(mocker.ma.result)))
        said[-1].append(mocked(lambda: mocker.ma.result + 1))
        said[-1].append(mocked(lambda: mocker.ma.result.anything))
        said[-1].append(mocked(lambda: bool(mocker.ma.result)))
    assert said[0] == said[1]
    assert len(magic_methods()) == 79
    made = PackageImporter(str(ours['mock']['path'])).import_module('_mock').MockedObject
    with pytest.raises(NotImplementedError, match="being used in '__new__'"):
        made('ma.result')
    with pytest.raises(NotImplementedError, match="being used in '__new__'"):
        made.__new__(made)


def magic_methods() -> list[str]:
    return importlib.import_module('torch.package._mock')._magic_methods


def mocked(use) -> str:
    try:
        return f'gave {type(use()).__name__}'
    except NotImplementedError as error:
        return re.sub(r'<torch_package_\d+>', '', str(error))


@pytest.mark.filterwarnings('ignore::DeprecationWarning')
def test_packaged_code_reads_resources(tmp_path: Path) -> None:
    """What the command line makes of the recipe in the documentation."""
    out = tmp_path / 'duck.pt'
    report = json.loads(succeed('package', 'build', FIXTURES / 'duck.yaml', out, '--json'))
    assert report['mocked'] == ['pond.training'] and report['missing'] == []
    importer = PackageImporter(str(out))
    duck = importer.import_module('pond.duck')
    assert duck.Duck(3)(torch.ones(1, 3)).shape == (1, 2)
    assert duck.plumage.call() == 'quack\n'
    with pytest.raises(NotImplementedError, match='pond.training.log'):
        duck.load('weights.pt')
    facts = importer.load_pickle('pond', 'facts.pkl')
    assert facts == {'legs': 2, 'weight': 1.0, 'names': ['Donald', 'Daisy'], 'wild': True, 'notes': None}
    assert type(facts['legs']) is int and type(facts['weight']) is float
    edited = tmp_path / 'edited.pt'
    (tmp_path / 'plumage.py').write_text('import json\n\n\ndef smooth(x):\n    return json.dumps(x.tolist())\n')
    succeed('package', 'edit', out, '-o', edited, '--source', f'pond.plumage={tmp_path / "plumage.py"}')
    assert PackageImporter(str(edited)).import_module('pond.duck').Duck(3)(torch.ones(1, 3)).startswith('[[')
    before, after = dict(records(out)), dict(records(edited))
    assert {name for name in before if before[name] != after[name]} == {'pond/plumage.py', '.data/extern_modules'}


CLASSES = {
    'first/__init__.py': 'import torch\n\n\nclass Net(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.one = torch.nn.Linear(2, 2)\n        self.two = torch.nn.Linear(2, 2)\n        self.two.weight = self.one.weight\n\n    def forward(self, x):\n        return self.two(self.one(x))\n',
    'second/__init__.py': 'from second.deep import Holder\n',
    'second/deep.py': 'class Holder:\n    def __init__(self, **held):\n        self.__dict__.update(held)\n\n    def __reduce_package__(self, exporter):\n        name = f"held._{exporter.get_unique_id()}"\n        exporter.save_text(name, "note.txt", self.note)\n        return unpack, (name, self.tensor)\n\n\ndef unpack(importer, name, tensor):\n    return Holder(note=importer.load_text(name, "note.txt"), tensor=tensor)\n',
}  # fmt: skip


def test_values_of_packages_are_exported_again(tmp_path: Path) -> None:
    torch.manual_seed(0)
    with environment(CLASSES, tmp_path / 'sources'), warnings.catch_warnings():
        warnings.simplefilter('ignore')
        from first import Net
        from second import Holder

        net, shared = Net(), torch.arange(6.0)
        traced = torch.fx.symbolic_trace(net)
        held = Holder(note='kept', tensor=shared[2:4])
        with PackageExporter(str(tmp_path / 'one.pt')) as exporter:
            exporter.intern('first')
            exporter.save_pickle('m', 'net.pkl', net)
            exporter.save_pickle('m', 'traced.pkl', traced)
        with PackageExporter(str(tmp_path / 'two.pt')) as exporter:
            exporter.intern('second.**')
            exporter.save_pickle('m', 'held.pkl', [held, held, shared], pickle_protocol=4)
    everything = [['intern', ['first', 'second.**'], {}]]
    ops = [
        *everything,
        ['again', 'n', 'traced.pkl', 0, ['m', 'traced.pkl'], {}],
        ['again', 'n', 'net.pkl', 0, ['m', 'net.pkl'], {}],
        ['again', 'n', 'held.pkl', 1, ['m', 'held.pkl'], {}],
        ['again', 'n', 'held4.pkl', 1, ['m', 'held.pkl'], {'protocol': 4}],
    ]
    out = tmp_path / 'again.pt'
    packages = [str(tmp_path / 'one.pt'), str(tmp_path / 'two.pt')]
    [answer] = bridge([{'out': str(out), 'sources': {}, 'packages': packages, 'ops': ops}])
    assert answer['answers'] == [None] * len(ops) and 'error' not in answer
    assert answer['interned'] == ['first', 'fx-generated._0', 'second.deep']
    x = torch.ones(1, 2)
    with torch.no_grad():
        expected = net(x)
        again = load(out, 'n', 'net.pkl')
        assert torch.equal(again(x), expected) and again.one.weight is again.two.weight
        assert torch.equal(load(out, 'n', 'traced.pkl')(x), expected)
    for name in ('held.pkl', 'held4.pkl'):
        first, second, whole = load(out, 'n', name)
        assert first is second and (first.note, first.tensor.tolist(), whole.tolist()) == ('kept', [2, 3], [0, 1, 2, 3, 4, 5])
        whole[2] = -1
        assert first.tensor[0] == -1
    names = [name for name, _ in records(out)]
    # The storages of the net are there once, and those of the other package behind them.
    assert [name for name in names if name.endswith('.storage')] == [f'.data/{number}.storage' for number in range(4)]


def test_the_modules_of_torch_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = module_names.OUT / 'torch-modules.ts'
    monkeypatch.setattr(module_names, 'OUT', tmp_path)
    module_names.main()
    assert (tmp_path / known.name).read_text() == known.read_text(), 'run fixtures/generate/module_names.py again'
