"""The table of files that open, in docs/formats/pytorch.md, is what happens."""

import pytest
import support_table


@pytest.fixture(scope='module')
def rows() -> list[tuple[str, int, int, int, int]]:
    return support_table.rows()


def test_table_is_true(rows: list[tuple[str, int, int, int, int]]) -> None:
    assert support_table.documented() == support_table.table(rows)


def test_torsh_opens_more(rows: list[tuple[str, int, int, int, int]]) -> None:
    """More kinds wholly, and of no kind fewer files, than torch in either way."""
    for torch in (2, 3):
        assert sum(row[4] == row[1] for row in rows) > sum(row[torch] == row[1] for row in rows)
        assert all(row[4] >= row[torch] for row in rows), [row for row in rows if row[4] < row[torch]]
