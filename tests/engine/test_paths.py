"""The fields that hold a path, and where a result goes. The tables are in tests/cases/paths."""

from __future__ import annotations

import timeit
from typing import Any

import pytest

from engine.errors import StatesError
from engine.expressions import InvalidExpression, paths
from engine.expressions.roots import path
from engine.expressions.timestamps import nanoseconds
from engine.model import Expression
from tests.engine.seen import judge, scope, table


def compiled(field: str, written: Any) -> Expression:
    match field:
        case "InputPath" | "OutputPath":
            return paths.select(written, field)
        case "ItemsPath":
            return paths.items_path(written)
        case "SecondsPath":
            return paths.wait_seconds_path(written)
        case "TimestampPath":
            return paths.wait_timestamp_path(written)
        case "ErrorPath" | "CausePath":
            return paths.text_path(written, field)
    return paths.number_path(written, field, "float" if "Percentage" in field else "integer")


@pytest.mark.parametrize("case", table("paths/fields"))
def test_field(case: dict[str, Any]) -> None:
    judge(case, lambda: compiled(case["field"], case["path"]))


@pytest.mark.parametrize("case", table("paths/put"))
def test_put(case: dict[str, Any]) -> None:
    if "refused" in case:
        with pytest.raises(InvalidExpression, match=f"^{case['refused'].split(':')[0]}"):
            paths.result_path(case["path"])
        return
    where = paths.result_path(case["path"])
    if "fails" in case:
        with pytest.raises(StatesError) as failed:
            paths.put(case["raw"], where, case["put"])
        assert [failed.value.name, failed.value.cause, failed.value.fatal] == [*case["fails"], True]
    else:
        assert paths.put(case["raw"], where, case["put"]) == case["result"]


def test_put_shares_what_stays_and_changes_nothing() -> None:
    raw = {"kept": {"x": 1}, "way": {"beside": [1], "old": 1}}
    made = paths.put(raw, paths.result_path("$.way.new"), 2)
    assert made["kept"] is raw["kept"]
    assert made["way"]["beside"] is raw["way"]["beside"]
    assert raw == {"kept": {"x": 1}, "way": {"beside": [1], "old": 1}}


def test_a_path_of_a_thousand_steps_is_no_trouble() -> None:
    made = paths.put({}, paths.result_path("$" + ".a" * 1_500), 1)
    for _ in range(1_500):
        made = made["a"]
    assert made == 1


def test_objects_can_be_items_in_distributed_mode() -> None:
    items = paths.items_path("$.byName", objects=True)
    assert items.evaluate({"byName": {"a": 1}}, scope({})) == {"a": 1}


@pytest.mark.parametrize(
    ("written", "root", "name", "inner"),
    [
        ("$.a", "value", "", "$.a"),
        ("$", "value", "", "$"),
        ("$$.Execution.Id", "context", "", "$.Execution.Id"),
        ("$total.net[0]", "variable", "total", "$.net[0]"),
        ("$größe", "variable", "größe", "$"),
        ("$_x['y']", "variable", "_x", "$['y']"),
    ],
)
def test_roots(written: str, root: str, name: str, inner: str) -> None:
    read = path(written)
    assert (read.root, read.name, read.inner) == (root, name, inner)


def test_a_chain_of_names_costs_about_as_much_as_subscripts() -> None:
    read = paths.select("$.order.total", "InputPath").evaluate
    value = {"order": {"total": 1}}
    ours = min(timeit.repeat(lambda: read(value, None), number=10_000, repeat=5)) / 10_000
    assert ours < 2e-6, f"{ours * 1e9:.0f} ns"


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:01Z", 60),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T19:00:00.5-05:00", 0.5),
        ("2024-02-29T00:00:00Z", 1_709_164_800),
        ("2023-02-29T00:00:00Z", None),
        ("2023-02-24", None),
        ("2023-02-24T10:00:00", None),
        ("2023-02-24 10:00:00Z", None),
        ("2023-02-24t10:00:00z", None),
        ("2023-02-24T24:00:00Z", None),
        ("2023-02-24T10:00:60Z", None),
        ("2023-02-24T10:00:00.Z", None),
        ("2023-02-24T10:00:00+0100", None),
        ("2023-02-24T10:00:00Z\n", None),
        ("٢٠٢٣-02-24T10:00:00Z", None),
    ],
)
def test_timestamps(written: str, seconds: float | None) -> None:
    expected = None if seconds is None else int(seconds * 1_000_000_000)
    assert nanoseconds(written) == expected
