"""Two values side by side, and the rows of two runs that are worth showing."""

from __future__ import annotations

from typing import Any

import pytest

from designer.panels.aligned import differing, where
from designer.panels.naming import word
from designer.panels.twin import MARKS, Pair, _row, folded, pairs
from designer.texts import Texts
from engine.compare import Row, Step


def lines(left: Any, right: Any) -> list[str]:
    return [f"{MARKS[pair.mark][0] or ' '} {pair.left or ''} | {pair.right or ''}" for pair in pairs(left, right)]


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        (1, 1, ["  1 | 1"]),
        ("a", {"b": 1}, ['~ "a" | {', '~  |   "b": 1', "~  | }"]),
        ({"a": 1}, {"a": 2}, ["  { | {", '~   "a": 1 |   "a": 2', "  } | }"]),
        (
            {"a": 1, "b": [1]},
            {"a": 1, "c": True},
            [
                "  { | {",
                '    "a": 1, |   "a": 1,',
                '−   "b": [ | ',
                "−     1 | ",
                "−   ] | ",
                '+  |   "c": true',
                "  } | }",
            ],
        ),
        ([1, 2], [1, 3, 4], ["  [ | [", "    1, |   1,", "~   2 |   3,", "+  |   4", "  ] | ]"]),
        ({}, {"a": None}, ["  { | {", '+  |   "a": null', "  } | }"]),
    ],
)
def test_values_stand_side_by_side_with_marks(left: Any, right: Any, told: list[str]):
    assert lines(left, right) == told


def test_long_equal_stretches_are_folded():
    found = list(pairs(list(range(100)), [*range(50), "x", *range(51, 100)]))
    shown = folded(found)
    assert len(found) == 102 and len(shown) < 15
    assert [pair for pair in shown if pair.mark != "same"] == [Pair("changed", "  50,", '  "x",')]


def test_what_a_value_holds_is_text():
    row = _row(Pair("changed", "<img src=x onerror=alert(1)>", "&amp;"), 2, Texts("en"))
    assert "<img" not in row and "&lt;img" in row and "&amp;amp;" in row
    assert "changed: " in row, "not by colour and sign alone"


def test_a_state_that_one_run_alone_came_to_is_one_row():
    here, there = (Step("A", 0),), (Step("B", 0),)
    rows = (
        Row(here, 0, "", "different", 1, 1),
        Row(here, 0, "input", "same", 1, 1),
        Row(here, 0, "reply", "left", 2, None),
        Row(there, 0, "", "right", None, 3),
        Row(there, 0, "input", "right", None, 3),
    )
    assert differing(rows) == [rows[2], rows[3]]


def test_a_place_is_said_from_the_outside_in():
    t = Texts("en")
    assert where((), t) == "Execution"
    assert where((Step("Both", 0, 0, 1), Step("Pay", 1)), t) == "Both › 1 › Pay (visit 2)"
    assert word("afterInputPath", t) == "InputPath" and word("caught", Texts("es")) == "Catch"
