"""Versions and specifiers of Python packages, beside `packaging`."""

import json
import random
import subprocess
from pathlib import Path

import pytest
import yaml
from packaging.markers import InvalidMarker, Marker, UndefinedComparison
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

BRIDGE = Path(__file__).with_name('versions_bridge.mjs')
NUMBERS = ['0', '1', '2', '3', '10', '01']
OPERATORS = ['==', '==', '!=', '<=', '>=', '<', '>', '~=', '===', '==.*', '!=.*']


def version(rng: random.Random, *, local: bool = True) -> str:
    """A version in any spelling; small numbers, so that versions meet."""
    text = rng.choice(['', '', '', '', 'v', '0!', '1!', 'V1!'])
    text += '.'.join(rng.choice(NUMBERS) for _ in range(rng.choice([1, 2, 2, 3, 3, 4])))
    if rng.random() < 0.3:
        text += rng.choice(['a', 'b', 'rc', '.alpha', '-beta', '_c', 'pre', 'PREVIEW']) + rng.choice(['', '1', '2', '.3', '-'])
    if rng.random() < 0.25:
        text += rng.choice(['.post', '-', '.r', 'post', '-rev']) + rng.choice(['1', '2', '07'])
    if rng.random() < 0.2:
        text += rng.choice(['.dev', 'dev', '-DEV', '_dev']) + rng.choice(['', '0', '1'])
    if local and rng.random() < 0.2:
        text += '+' + rng.choice(['local', '1', '1.a', 'ubuntu.1', 'A-b', '1e3', '0x1f', '007', 'cu121'])
    return text


def clause(rng: random.Random) -> str:
    operator = rng.choice(OPERATORS)
    if operator.endswith('.*'):
        numbers = '.'.join(rng.choice(NUMBERS) for _ in range(rng.choice([1, 2, 3])))
        return f'{operator[:2]}{rng.choice(["", "", "1!"])}{numbers}.*'
    return operator + rng.choice(['', ' ']) + version(rng, local=operator in ('==', '!=', '==='))


def specifiers(rng: random.Random) -> str:
    return rng.choice([',', ', ', ' , ']).join(clause(rng) for _ in range(rng.choice([1, 1, 2, 2, 3])))


def near(rng: random.Random, text: str) -> str:
    """A specifier on the version itself, where the rules have their corners."""
    return rng.choice(['>=', '<=', '==', '!=', '<', '>', '~=', '===']) + text.split('+')[0]


VARIABLES = {
    'python_version': ['3.8', '3.11', '3.12'],
    'python_full_version': ['3.11.4', '3.12.0rc1'],
    'sys_platform': ['linux', 'win32', 'darwin'],
    'os_name': ['posix', 'nt'],
    'platform_machine': ['x86_64', 'arm64'],
    'platform_release': ['5.15.0', '5.15.0-91-generic', ''],
    'platform_system': ['Linux', 'Windows'],
    'platform_version': ['#1 SMP', '10.0'],
    'implementation_name': ['cpython', 'pypy'],
    'implementation_version': ['3.11.4', '7.3.13'],
    'platform_python_implementation': ['CPython', 'PyPy'],
    'extra': ['', 'Opt', 'a_b'],
}


def comparison(rng: random.Random) -> str:
    variable = rng.choice(list(VARIABLES))
    text = rng.choice([*VARIABLES[variable], '3.9', 'a-b', 'lin', '3.1 3.11 3.12'])
    sides = [variable, rng.choice(['"', "'"]) * 2]
    sides[1] = sides[1][0] + text + sides[1][1]
    if rng.random() < 0.3:
        sides.reverse()
    operator = rng.choice(['==', '!=', '<', '<=', '>', '>=', 'in', 'not in', '~=', '==='])
    return f' {operator} '.join(sides)


def marker(rng: random.Random, depth: int = 2) -> str:
    if depth == 0 or rng.random() < 0.3:
        return comparison(rng)
    inner = f' {rng.choice(["and", "or"])} '.join(marker(rng, depth - 1) for _ in range(rng.choice([1, 2, 3])))
    return f'({inner})' if rng.random() < 0.6 else inner


def requirement(rng: random.Random) -> str:
    text = rng.choice(['numpy', 'Foo.Bar', 'a_-b', 'x', '-x', 'x-', 'é', 'a b'])
    text += rng.choice(['', '', ' ', '[opt]', '[ a , b ]', ' [x]', '[]', '[a', '[a,]'])
    if rng.random() < 0.2:
        text += rng.choice([' @ https://example.org/x.whl', '@ file:///x;y', ' @ ', '@https://example.org/a#egg=b'])
    else:
        wanted = specifiers(rng)
        # In a requirement, `packaging` takes a comma for a part of what `===` asks for; in a set of specifiers it does not.
        if '===' in wanted and ',' in wanted:
            wanted = '>=1'
        text += rng.choice(['', wanted, wanted, f' ({wanted})', wanted + ','])
    return text + rng.choice(['', '', f' ; {marker(rng)}', f';{marker(rng)}', ' ;'])


def packages(rng: random.Random) -> dict[str, str]:
    names = ['numpy', 'torch', 'Foo.Bar', 'a_b', 'true', 'no', 'x1', '2to3', 'opencv-python']
    needs = {}
    for name in rng.sample(names, rng.randint(1, 6)):
        rest = rng.choice(['', '[opt]', '[a,b]']) + rng.choice(['', '>=1', '>=1.0,<2', '==1.4.*', '~=1.4.2', '!=1.5', '==1+cu121', '===x'])
        needs[name] = rest + rng.choice(['', '', f' ; {marker(rng)}'])
    return needs


def evaluate(text: str, variables: dict[str, str]) -> object:
    try:
        parsed = Marker(text)
    except InvalidMarker:
        return 'malformed'
    try:
        return parsed.evaluate(variables)
    except UndefinedComparison:
        return 'undefined'


def parts(text: str) -> object:
    try:
        parsed = Requirement(text)
    except InvalidRequirement:
        return 'malformed'
    clauses = sorted(str(each) for each in parsed.specifier)
    return [canonicalize_name(parsed.name), sorted(parsed.extras), clauses, parsed.url, parsed.marker is not None]


def normal(text: str) -> str:
    try:
        return str(Version(text))
    except InvalidVersion:
        return 'malformed'


def contains(text: str, wanted: str) -> object:
    try:
        parsed = SpecifierSet(wanted)
    except InvalidSpecifier:
        return 'malformed'
    assert parsed.contains(text) == parsed.contains(text, prereleases=True)
    return [parsed.contains(text, prereleases=True), parsed.contains(text, prereleases=False)]


def compare(a: str, b: str) -> int:
    left, right = Version(a), Version(b)
    return (left > right) - (left < right)


@pytest.fixture(scope='module')
def jobs() -> dict[str, list]:
    rng = random.Random(20261121)
    pairs = []
    for _ in range(5000):
        text = version(rng)
        pairs.append([text, near(rng, text) if rng.random() < 0.3 else specifiers(rng)])
    parts = ['1', '0', '.', '-', '+', '!', 'a', 'rc', 'post', 'dev', '*', ' ', '_', 'v', 'ſ', '٣', 'e']
    strange = [''.join(rng.choices(parts, k=rng.randint(1, 7))) for _ in range(3000)]
    return {
        'normal': [text for text, _ in pairs] + strange,
        'order': [[version(rng), version(rng)] for _ in range(3000)],
        'satisfies': pairs + [['1.0', f'{operator}{text}'] for text in strange for operator in ('==', '~=', '<')],
        'marker': [[marker(rng), {name: rng.choice(values) for name, values in VARIABLES.items()}] for _ in range(3000)],
        'requirement': [requirement(rng) for _ in range(3000)],
        'exported': [packages(rng) for _ in range(300)],
        'example': [[specifiers(rng) for _ in range(rng.choice([1, 2, 3]))] for _ in range(3000)],
    }


@pytest.fixture(scope='module')
def answers(jobs: dict[str, list]) -> dict[str, list]:
    bridge = subprocess.run(['node', str(BRIDGE)], input=json.dumps(jobs), capture_output=True, encoding='utf-8', timeout=120)
    assert bridge.returncode == 0, bridge.stderr
    return json.loads(bridge.stdout)


def different(jobs: list, got: list, wanted: list) -> list:
    assert len(got) == len(jobs) == len(wanted)
    return [each for each in zip(jobs, got, wanted) if each[1] != each[2]][:10]


def test_normal_form(jobs, answers):
    assert different(jobs['normal'], answers['normal'], [normal(text) for text in jobs['normal']]) == []


def test_order(jobs, answers):
    assert different(jobs['order'], answers['order'], [compare(*pair) for pair in jobs['order']]) == []


def test_satisfies(jobs, answers):
    wanted = [contains(*pair) for pair in jobs['satisfies']]
    assert sum(answer == [True, True] for answer in wanted) > 500, 'too few pairs fit'
    assert different(jobs['satisfies'], answers['satisfies'], wanted) == []


def test_markers(jobs, answers):
    # Where Python stops at a comparison that has no meaning, we go on and pass it over if the rest decides.
    wanted = [evaluate(*job) for job in jobs['marker']]
    got = [
        want if want == 'undefined' else answer for answer, want in zip(answers['marker'], wanted, strict=True)
    ]
    assert sum(answer is True for answer in wanted) > 500
    assert different(jobs['marker'], got, wanted) == []


def test_requirements(jobs, answers):
    wanted = [parts(text) for text in jobs['requirement']]
    assert sum(answer != 'malformed' for answer in wanted) > 800
    assert different(jobs['requirement'], answers['requirement'], wanted) == []


def test_exports(jobs, answers):
    """Python reads what we export as what it was: all lines by pip's grammar, all entries by a reader of YAML."""
    for needs, (requirements, conda) in zip(jobs['exported'], answers['exported'], strict=True):
        wanted = {canonicalize_name(name): Requirement(name + rest) for name, rest in needs.items()}
        lines = [Requirement(line) for line in requirements.splitlines() if not line.startswith('#')]
        assert {canonicalize_name(each.name): each for each in lines} == wanted, requirements
        read = yaml.safe_load(conda)
        assert read['name'] == 'a name: # of\nmine'
        assert read['channels'] == ['conda-forge']
        entries = [each for each in read['dependencies'] if isinstance(each, str)]
        [below] = [each['pip'] for each in read['dependencies'] if isinstance(each, dict)] or [[]]
        assert entries[-1] == 'pip' if below else 'pip' not in entries
        assert '__cuda >=11' in entries
        for text in below:
            assert Requirement(text) == wanted.pop(canonicalize_name(Requirement(text).name))
        others = [each for each in entries if each not in ('pip', '__cuda >=11')]
        assert len(others) == len(wanted), conda
        aliases = {'pytorch': 'torch', 'opencv': 'opencv-python'}
        for text in others:
            name, _, versions = text.partition(' ')
            asked = wanted[aliases.get(name, name)]
            assert asked.marker is None and not asked.extras
            specifiers = ','.join(each if each[0] in '<>=!~' else f'=={each}' for each in versions.split(',') if each)
            assert SpecifierSet(specifiers) == asked.specifier, conda


def test_what_several_ask_for_together(jobs, answers):
    """Where nothing is left, `packaging` agrees; where we give an example, it takes it, and a release if there is one."""
    empty = 0
    for wanted, example in zip(jobs['example'], answers['example'], strict=True):
        try:
            together = SpecifierSet(','.join(wanted))
        except InvalidSpecifier:
            assert example == 'malformed', wanted
            continue
        if example is None:
            empty += 1
            assert together.is_unsatisfiable(), wanted
            continue
        assert together.contains(example, prereleases=True), (wanted, example)
        if '===' not in str(together) and Version(example).is_prerelease:
            releases = SpecifierSet(str(together), prereleases=False)
            assert releases.is_unsatisfiable(), (wanted, example)
    assert 300 < empty < 2700, empty
