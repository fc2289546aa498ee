"""Makes the builders of the fixtures importable."""

import sys
from pathlib import Path

import pytest

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parent.parent / 'fixtures' / 'generate'))


def pytest_configure(config: pytest.Config) -> None:
    # torch warns of every quantised, sparse and nested tensor; these tests are about exactly those.
    config.addinivalue_line('filterwarnings', 'ignore::UserWarning:torch')
