"""Where values come from: `tests/cases/lineage/*.json`.

A case asks for a value — the state, the stage (or `exited`, `assigned`), the path in it — and says through which fields it
came, latest first, where the chain ends and at which path there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.lineage import lineage
from engine.trace import Trace
from tests.engine.test_runs import played

FOLDER = Path(__file__).parent.parent / "cases" / "lineage"
CASES = [
    pytest.param(case, id=f"{path.stem}-{case['name']}")
    for path in sorted(FOLDER.glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
]


def find(trace: Trace, state: str, stage: str) -> int:
    """The last moment of that kind, or of that stage, in that state."""
    return max(
        index
        for index, moment in enumerate(trace.moments)
        if moment.visit >= 0
        and trace.visits[moment.visit].state.name == state
        and (moment.kind == stage or (moment.kind == "stage" and moment.name == stage))
    )


@pytest.mark.parametrize("case", CASES)
def test_a_value_is_followed_back(case: dict[str, Any]) -> None:
    trace = played(case)
    asked, expected = case["ask"], case["expect"]
    found = lineage(trace, find(trace, asked["state"], asked["stage"]), tuple(asked.get("path", ())))
    last = found.steps[-1]
    assert found.origin == expected["origin"]
    assert list(last.path) == expected.get("path", [])
    assert [step.field for step in found.steps] == expected["fields"]
    assert all(step.exact for step in found.steps) == expected.get("exact", True)
    ends = [(source.origin, list(source.steps[-1].path)) for source in found.sources]
    assert ends == [tuple(end) for end in expected.get("sources", [])]


def test_every_value_of_every_moment_comes_from_somewhere() -> None:
    for case in (case.values[0] for case in CASES):
        trace = played(case)
        for index, moment in enumerate(trace.moments):
            if moment.kind in ("entered", "stage", "exited", "assigned"):
                assert lineage(trace, index).steps
