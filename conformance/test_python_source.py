"""@torsh/python against the Python that runs this and against torch.package: imports, patterns, graphs, the standard library."""

import ast
import base64
import io
import json
import linecache
import subprocess
import sys
import sysconfig
import textwrap
import tokenize
import warnings
from pathlib import Path
from random import Random

import pytest
from torch.package import PackageExporter
from torch.package._digraph import DiGraph
from torch.package.find_file_dependencies import find_files_source_depends_on
from torch.package.glob_group import GlobGroup

from python_programs import Programs

HERE = Path(__file__).parent
LIBRARY = Path(sysconfig.get_path('stdlib'))

# What differs on purpose, each with its reason; docs/decisions/0011-own-python-parser.md has them, too.
NEWER = 'the grammar of a Python newer than 3.11'
KNOWN = {
    "f'{\nx}'": NEWER,
    "f'{x:{y:{z}}}'": NEWER,
    'try: pass\nexcept E, F: pass': NEWER,
    "'\\N{DASH}'": 'names of characters are not looked up',
    "f'\\N{DASH}'": 'names of characters are not looked up',
    '__import__("\\x61\\142\\u0063\\N{LATIN SMALL LETTER A}")': 'names of characters are not looked up',
    "__import__('a.b', level=0.0)": 'a level that is no integer is none',
}


class Bridge:
    def __init__(self):
        self.process = subprocess.Popen(
            ['node', str(HERE / 'python_bridge.mjs')], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, op, **request):
        self.process.stdin.write(json.dumps({'op': op, **request}) + '\n')
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert not (isinstance(answer, dict) and 'error' in answer), answer
        return answer


@pytest.fixture(scope='module')
def bridge():
    bridge = Bridge()
    yield bridge
    bridge.process.stdin.close()
    bridge.process.wait()


# Imports -----------------------------------------------------------------------------------------------------------


def torch_finds(source, module, is_package):
    """What torch finds, or None where it fails. Things that are no text cannot be names of modules, so they say nothing."""
    package = module if is_package else module.rsplit('.', maxsplit=1)[0]
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        try:
            pairs = find_files_source_depends_on(source, package)
        except Exception:
            return None
    pairs = [(name, member if isinstance(member, str) else None) for name, member in pairs if isinstance(name, str)]
    return [list(pair) for pair in dict.fromkeys(pairs)]


def compare(bridge, sources):
    """Sources for which the answers differ, each with both; and how many of them torch can read."""
    request = [{'source': source, 'module': module, 'isPackage': package} for source, module, package in sources]
    answers = bridge.ask('imports', sources=request)
    wanted = [torch_finds(*source) for source in sources]
    found = [answer.get('references') for answer in answers]
    different = [
        (source[0], torch, answer)
        for source, torch, mine, answer in zip(sources, wanted, found, answers)
        if torch != mine
    ]
    return different, sum(torch is not None for torch in wanted)


def test_snippets(bridge):
    snippets = [json.loads(line) for line in (HERE / 'python_snippets.jsonl').read_text().splitlines()]
    places = [('p.q.r', False), ('p.q', True), ('foo', False)]
    sources = [(snippet, *place) for snippet in snippets for place in places]
    different, good = compare(bridge, sources)
    assert {source for source, *_ in different} == set(KNOWN)
    assert len(snippets) > 600 and good > 700, 'the table shrank'


def test_generated_programs(bridge):
    programs = Programs(4)
    places = [('p.q.r', False), ('p.q', True), ('pa.ck.age.mod', False)]
    sources = [(programs.one(), *places[at % 3]) for at in range(700)]
    different, good = compare(bridge, sources)
    assert different == []
    assert good > 350, 'most programs should be right'


def test_damaged_programs(bridge):
    """Statements of the standard library with a token less, twice, or another one: mostly wrong, and equally so."""
    random = Random(7)
    spare = [':', '=', ':=', '(', ')', ',', '*', '**', '.', 'lambda', 'yield', 'await', 'if', 'else', 'for', 'in', 'not', '"']
    sources = []
    files = [file for file in sorted(LIBRARY.glob('*.py')) if 200 < file.stat().st_size < 12_000]
    for file in random.sample(files, 40):
        text = file.read_text()
        statements = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)]
        for node in random.sample(statements, min(12, len(statements))):
            lines = text.splitlines()[node.lineno - 1 : node.end_lineno][:20]
            chunk = textwrap.dedent('\n'.join(lines))
            try:
                tokens = list(tokenize.generate_tokens(io.StringIO(chunk).readline))
            except (tokenize.TokenError, IndentationError):
                continue
            tokens = [token for token in tokens if token.string.strip() and token.start[0] == token.end[0]]
            for token in random.sample(tokens, min(4, len(tokens))):
                lines = chunk.split('\n')
                line, at = lines[token.start[0] - 1], token.start[1]
                other = random.choice(['', f'{token.string} {token.string}', random.choice(spare)])
                lines[token.start[0] - 1] = line[:at] + other + line[token.end[1] :]
                sources.append(('\n'.join(lines), 'p.q.r', False))
    different, good = compare(bridge, sources)
    assert different == []
    assert len(sources) > 1000 and good > 100


def test_standard_library(bridge):
    files = [file for file in sorted(LIBRARY.rglob('*.py')) if 'site-packages' not in file.parts]
    sources = []
    for file in files[::6]:
        try:
            with tokenize.open(file) as opened:
                sources.append((opened.read(), '.'.join(file.relative_to(LIBRARY).with_suffix('').parts), False))
        except (SyntaxError, UnicodeDecodeError):
            continue
    different, good = compare(bridge, sources)
    assert different == []
    assert good > 250


# Reading source ------------------------------------------------------------------------------------------------------


def test_lines_of_source(bridge, tmp_path):
    texts = [
        b'',
        b'a',
        b'a\r\nb\rc',
        b'\xef\xbb\xbfa',
        b'# coding: latin-1\n\xe9',
        b'\n# -*- coding: iso-8859-15 -*-\n\xa4',
        b'#!/x\n#coding=utf8\n\xc3\xa9',
        b'# vim: set fileencoding=cp1252 :\n\x80',
        b'\n',
        b'a\n\n',
        b'a\x0cb\x1cc\xc2\x85d\xe2\x80\xa8e',
    ]
    for at, text in enumerate(texts):
        (tmp_path / f'{at}.py').write_bytes(text)
    wanted = [''.join(linecache.getlines(str(tmp_path / f'{at}.py'))) for at in range(len(texts))]
    assert bridge.ask('sources', files=[base64.b64encode(text).decode() for text in texts]) == wanted


# The standard library --------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.version_info[:2] > (3, 13), reason='lists end with Python 3.13')
def test_names_of_the_library(bridge):
    mine = bridge.ask('library', version='.'.join(map(str, sys.version_info[:2])))
    assert set(mine['names']) == sys.stdlib_module_names
    inner = [name for name in mine['modules'] if '.' in name]
    absent = [name for name in inner if name != 'os.path' and not is_file(name)]
    assert len(inner) > 300 and absent == []


def is_file(name):
    base = LIBRARY.joinpath(*name.split('.'))
    return base.with_suffix('.py').exists() or (base / '__init__.py').exists()


# Patterns --------------------------------------------------------------------------------------------------------------


def test_patterns(bridge):
    random = Random(11)
    parts = ['a', 'b', 'ab', '', '*', 'a*', '*b', 'a*b', '**', '**', 'a**', '.', '[a]', 'a?', '\n']
    texts = ['a', 'b', 'ab', 'aab', 'ba', '', 'abb', '[a]', 'a?', '\n', 'a\nb']
    groups = []
    for _ in range(600):
        separator = random.choice('./')
        some = lambda pool, most: separator.join(random.choice(pool) for _ in range(random.randrange(1, most)))  # noqa: E731
        pattern = lambda: some(parts, 5)  # noqa: E731
        group = {
            'include': random.choice([pattern(), [pattern() for _ in range(random.randrange(3))]]),
            'exclude': random.choice([[], [], pattern(), [pattern()]]),
            'separator': separator,
            'candidates': [some(texts, 6) for _ in range(20)],
        }
        groups.append(group)

    def torch_matches(group):
        try:
            matcher = GlobGroup(group['include'], exclude=group['exclude'], separator=group['separator'])
        except ValueError as error:
            return str(error)
        return [matcher.matches(candidate) for candidate in group['candidates']]

    wanted = [torch_matches(group) for group in groups]
    assert bridge.ask('globs', groups=groups) == wanted
    assert sum(isinstance(answer, str) for answer in wanted) > 50


# Graphs ----------------------------------------------------------------------------------------------------------------


def test_graphs(bridge):
    random = Random(5)
    for size in (4, 8, 20):
        # Edges lead forward, because torch's walks do not end on cycles; names have one letter, because its all_paths needs that.
        names = [chr(ord('a') + at) for at in range(size)]
        edges = [sorted(random.sample(range(size), 2)) for _ in range(size * 2)]
        edges = [(names[low], names[high]) for low, high in edges]
        theirs = DiGraph()
        for edge in edges:
            theirs.add_edge(*edge)
        nodes = list(theirs)
        pairs = [(source, target) for source in nodes for target in nodes if source < target]
        mine = bridge.ask('graph', edges=edges, paths=pairs, first=nodes)
        assert mine['dot'] == theirs.to_dot()
        assert mine['predecessors'] == {node: list(theirs.predecessors(node)) for node in nodes}
        assert mine['first'] == [theirs.first_path(node) for node in nodes]
        for (source, target), dot in zip(pairs, mine['paths']):
            found = theirs.all_paths(source, target)
            assert dot == (found if isinstance(found, str) else DiGraph().to_dot())


# Packages --------------------------------------------------------------------------------------------------------------

MODULES = {
    'zone.__init__': 'from . import first\nimport os.path, collections.abc\n',
    'zone.first': 'import json\nfrom .second import thing\nfrom torch import nn, Tensor\ntry:\n    import absent_module\nexcept ImportError:\n    pass\n',
    'zone.second': 'import zone.first, third_party.deep\nfrom third_party import part\ndef thing(): pass\n',
    'zone.alone': 'import sys\nclass Thing:\n    pass\n',
    'third_party.__init__': '',
    'third_party.deep': '',
    'third_party.part': '',
}


def save_modules_first(exporter):
    exporter.save_module('zone')
    exporter.save_module('zone.alone')


def save_pickles_first(exporter):
    import zone.alone

    exporter.save_pickle('things', 'one.pkl', [zone.alone.Thing(), {'a': 1}])
    exporter.save_pickle('things', 'two.bin', zone.alone.Thing())
    exporter.save_module('zone')


def save_text_only(exporter):
    exporter.save_source_string('made.up', 'import json.decoder\nfrom zone.first import thing', is_package=False)
    exporter.save_source_string('made', '', is_package=True)


@pytest.mark.parametrize('save', [save_modules_first, save_pickles_first, save_text_only])
@pytest.mark.parametrize('rest', ['extern', 'mock', 'intern'])
def test_dependencies_of_packages(bridge, tmp_path, monkeypatch, save, rest):
    """The graph that is found in a package is the one that its exporter had."""
    for name, source in MODULES.items():
        path = tmp_path.joinpath(*name.split('.')).with_suffix('.py')
        path.parent.mkdir(exist_ok=True)
        path.write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.split('.')[0] in ('zone', 'third_party')]:
        monkeypatch.delitem(sys.modules, name)
    buffer = io.BytesIO()
    with PackageExporter(buffer) as exporter:
        exporter.extern('sys')
        exporter.intern('zone.**')
        getattr(exporter, rest)('third_party.**')
        save(exporter)
        wanted = exporter.dependency_graph_string()
        lists = {
            'extern': exporter.externed_modules(),
            'mock': exporter.mocked_modules(),
            'intern': exporter.interned_modules(),
        }
    found = bridge.ask('dependencies', file=base64.b64encode(buffer.getvalue()).decode())
    assert sorted(found['dot'].splitlines()) == sorted(wanted.splitlines())
    if save is save_pickles_first:
        assert found['dot'] == wanted
    for action, modules in lists.items():
        assert sorted(name for name, of in found['actions'].items() if of == action and name[0] != '<') == modules
    assert {missing['module'] for missing in found['missing']} <= {'absent_module'}
