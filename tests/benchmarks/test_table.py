"""The benchmarks run, and the table and bench.json tell the same."""

import json
from dataclasses import asdict

import pytest

from tests.benchmarks.__main__ import document, measured, table

pytestmark = pytest.mark.slow


def test_every_row_is_measured_and_told_in_both_forms() -> None:
    rows = measured(runs=1)
    told = json.loads(document({"rows": [asdict(row) for row in rows]}))
    assert [row["name"] for row in told["rows"]] == [row.name for row in rows]
    assert all(row.name in table(rows) and row.ratio > 0 for row in rows)
