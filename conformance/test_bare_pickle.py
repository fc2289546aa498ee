"""Pickles written by real pickle, numpy and torch: we must see what they load, bit by bit."""

import json
from pathlib import Path

import bare_pickle
import cli
import pytest
from arrays import described

FOLDER = cli.ROOT / 'fixtures' / 'bare-pickle'
RECORDED = json.loads((FOLDER / 'expected.json').read_text())['files']


def assert_equal(document: dict, expected: dict) -> None:
    keys = ('name', 'dtype', 'shape', 'sha256')
    ours = sorted(({key: tensor.get(key) for key in keys} for tensor in document['tensors']), key=lambda t: t['name'])
    assert ours == sorted(expected['tensors'], key=lambda tensor: tensor['name'])
    assert document['aliases'] == expected['aliases']


@pytest.fixture(params=sorted(bare_pickle.FILES))
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Written anew by the libraries that are installed here."""
    path = tmp_path / request.param
    path.write_bytes(bare_pickle.FILES[request.param]())
    return path


def test_inspect_sees_what_is_loaded(fresh: Path) -> None:
    document = cli.inspect(fresh)
    assert document['format'] == ('torch-save' if fresh.suffix == '.pt' else 'pickle')
    assert_equal(document, bare_pickle.expectation(fresh.name, fresh.read_bytes()))
    assert {issue['severity'] for issue in document['issues']} <= {'note'}


def test_archive_holds_the_same(fresh: Path) -> None:
    cli.succeed('convert', fresh, 'to', 'torsh', '--verify')
    target = fresh.with_suffix('.torsh')
    assert_equal(cli.inspect(target), bare_pickle.expectation(fresh.name, fresh.read_bytes()))
    cli.succeed('verify', target, '--against', fresh)


@pytest.mark.parametrize('name', sorted(RECORDED))
def test_committed_fixtures_are_seen(name: str) -> None:
    """Those of the other version of numpy and of joblib too, which this environment may not have."""
    assert_equal(cli.inspect(FOLDER / name), RECORDED[name])


@pytest.mark.parametrize('name', sorted(bare_pickle.FILES.keys() & RECORDED.keys()))
def test_committed_expectations_are_current(name: str) -> None:
    assert bare_pickle.expectation(name, (FOLDER / name).read_bytes()) == RECORDED[name]


def test_a_large_pickle_is_read_as_its_library_does(tmp_path: Path) -> None:
    """Arrays beyond a frame are written outside of frames; protocol 5 lends their memory."""
    import pickle

    import numpy as np

    items = {f'layer.{index}': np.random.default_rng(index).standard_normal((257, 1023)) for index in range(4)}
    for protocol in (2, 4, 5):
        path = tmp_path / f'large-{protocol}.pkl'
        path.write_bytes(pickle.dumps(items, protocol))
        assert_equal(cli.inspect(path), described(items))
