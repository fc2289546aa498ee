"""What CPython and torch import while they load hostile files is among the names that torsh reports of them.

Each file is loaded in a process of its own, with every way of loading that there is, under an audit hook that tells what is
imported. All payloads are harmless. Loading may fail, and mostly does; what was imported until then counts.
"""

import json
import subprocess
import sys
from pathlib import Path

import cli
import pytest

FIXTURES = cli.ROOT / 'fixtures'
FILES = sorted(
    path for folder in ('scan-cases', 'bypass') for path in (FIXTURES / folder).iterdir() if path.name != 'README.md'
)

LOADER = """
import io, json, pickle, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
imported = []

def hook(event, args):
    if event == 'pickle.find_class':
        imported.append(list(args[:2]))

def attempt(load):
    try:
        load()
    except BaseException:
        pass

def several(load):
    def all_of_them():
        with open(path, 'rb') as file:
            while file.peek(1):
                load(file)
    return all_of_them

path, way = sys.argv[1:]
if way == 'torch':
    import torch
sys.addaudithook(hook)
sys.stdout, out = io.StringIO(), sys.stdout
if way == 'torch':
    attempt(lambda: torch.load(path, weights_only=False))
    attempt(lambda: torch.load(io.BytesIO(open(path, 'rb').read()), weights_only=False))
else:
    attempt(several(pickle.load))
    attempt(several(pickle._load))
    attempt(lambda: pickle.loads(open(path, 'rb').read()))
    attempt(lambda: pickle.load(io.BytesIO(open(path, 'rb').read())))
json.dump(imported, out)
"""


def imported(path: Path, way: str) -> list[tuple[str, str]]:
    result = subprocess.run(
        [sys.executable, '-W', 'ignore', '-c', LOADER, str(path), way], capture_output=True, encoding='utf-8', timeout=120
    )
    assert result.returncode == 0, result.stderr
    return [(module, name) for module, name in json.loads(result.stdout)]


def reported(path: Path) -> list[tuple[str | None, str | None]]:
    result = cli.run('inspect', path, '--globals', '--json')
    document = json.loads(result.stdout)['pickles']
    assert (result.returncode == cli.DONE) == (document['status'] != 'error')
    return [(use['module'], use['name']) for pickle in document['found'] for use in pickle['globals']]


def is_reported(name: tuple[str, str], names: list[tuple[str | None, str | None]]) -> bool:
    """A part that only running the pickle tells is reported as such."""
    return any(all(told in (None, real) for told, real in zip(each, name, strict=True)) for each in names)


# For torch, a file that is one plain pickle is what it is for pickle.
WAYS = [(path, 'pickle') for path in FILES] + [(path, 'torch') for path in FILES if path.suffix != '.pkl']


@pytest.mark.parametrize(('path', 'way'), WAYS, ids=[f'{path.name}-{way}' for path, way in WAYS])
def test_what_python_imports_is_reported(path: Path, way: str) -> None:
    names = reported(path)
    missing = [name for name in imported(path, way) if not is_reported(name, names)]
    assert not missing


def test_something_is_imported() -> None:
    """The test above would also pass if the hook saw nothing."""
    assert ('posix', 'getcwd') in imported(FIXTURES / 'scan-cases' / 'inst.pkl', 'pickle')
    assert ('os', 'getcwd') in imported(FIXTURES / 'scan-cases' / 'frame_hidden_global.pkl', 'pickle')
    assert ('posix', 'getcwd') in imported(FIXTURES / 'scan-cases' / 'legacy_payload_4th_pickle.pt', 'torch')
    assert ('posix', 'getcwd') in imported(FIXTURES / 'bypass' / 'tor-03-storages.pt', 'torch')
    assert ('posix', 'getcwd') in imported(FIXTURES / 'scan-cases' / 'uppercase_DATA_PKL_last.pt', 'torch')
