"""Questions to a run: `tests/cases/watching/*.json` and `tests/cases/stopping/*.json`.

A watch says at which moments its answer changes, `Pay retry` or, for a stage, `Pay result`; a breakpoint at which it stops
under its condition, with `n=…` behind it where the case counts in a loop.
"""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from engine.questions import LONGEST, Unreadable, question
from engine.stopping import Breakpoint, stops
from engine.trace import Trace
from engine.values import same
from engine.watching import MOST_BYTES, Missing, watch
from tests.engine.test_runs import played

CASES = Path(__file__).parent.parent / "cases"


def cases(folder: str) -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}-{case['name']}")
        for path in sorted((CASES / folder).glob("*.json"))
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
    ]


def named(trace: Trace, at: int) -> str:
    moment = trace[at]
    what = str(moment.name) if moment.kind == "stage" and moment.name == "result" else moment.kind
    return f"{trace.visits[moment.visit].state.name} {what}" if moment.visit >= 0 else what


@pytest.mark.parametrize("case", cases("watching"))
def test_a_watch_changes_where_the_table_says(case: dict[str, Any]) -> None:
    trace = played(case)
    found = watch(trace, question(case["watch"]))
    told = [
        [named(trace, at), {"missing": answer.reason} if isinstance(answer, Missing) else answer]
        for at, answer in found.changes
    ]
    assert same(told, case["changes"]), told
    assert found.until is None


@pytest.mark.parametrize("case", cases("stopping"))
def test_a_breakpoint_stops_where_its_condition_holds(case: dict[str, Any]) -> None:
    trace = played(case)
    found = stops(trace, Breakpoint(**case["point"]), question(case["condition"]))
    counted = any("n=" in stop for stop in case["stops"])
    told = [named(trace, at) + (f" n={trace[at].value['n']}" if counted else "") for at in found.moments]
    assert told == case["stops"]
    assert (found.asked, found.unanswered) == (case["asked"], case["unanswered"])


@pytest.mark.parametrize(
    "text, language, position",
    [
        ("", "JSONPath", None),
        ("$.total >", "JSONPath", 9),
        ("$.total == open", "JSONPath", 11),
        ("total is 3", "JSONPath", None),
        ("$states.input.total >", "JSONata", None),
        ("{% total > 3 %}", "JSONata", None),
        ("$.total = 3", "JSONPath", 8),
        ("$" + "x" * LONGEST, "JSONPath", None),
    ],
)
def test_a_text_that_is_no_question_says_why(text: str, language: str, position: int | None) -> None:
    with pytest.raises(Unreadable) as told:
        question(text)
    assert told.value.language == language
    assert told.value.reason and "data" not in told.value.reason
    assert told.value.position == position


LOOP = {
    "StartAt": "Count",
    "QueryLanguage": "JSONata",
    "States": {"Count": {"Type": "Pass", "Output": "{% {'n': $states.input.n + 1} %}", "Next": "Again"},
               "Again": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.n > 3000 %}", "Next": "End"}], "Default": "Count"},
               "End": {"Type": "Succeed"}},
}  # fmt: skip


def test_a_watch_that_has_taken_enough_says_how_far_it_came() -> None:
    trace = played({"definition": LOOP, "input": {"n": 0}})
    many = watch(trace, question("$.n"))
    assert many.until is None and len(many.changes) == 3002
    calls = count()
    early = watch(trace, question("$.n"), lambda: next(calls) > 2)
    assert early.until is not None and early.changes == many.changes[: len(early.changes)]
    halted = stops(trace, Breakpoint("entry", "/States/Count"), question("$.n >= 0"), lambda: True)
    assert halted.until is not None and len(halted.moments) < 3001


def test_a_watch_that_would_hold_too_much_stops() -> None:
    trace = played({"definition": LOOP, "input": {"n": 0}})
    found = watch(trace, question("$join([1..200].$string($states.input.n))"))
    assert 0 < sum(len(str(answer)) for _, answer in found.changes) <= MOST_BYTES
    assert found.until is not None
