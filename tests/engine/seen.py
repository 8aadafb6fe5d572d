"""Tables of expressions: reading them, and a stand-in for the visit that expressions look at.

A table is `{"given": {…}, "cases": […]}`. `given` has what every case sees (`value`, `context`, `variables`, `states`), a case
may say otherwise. A case ends in one of `result`, `fails` ([error, cause]) and `refused` (the message).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from engine.errors import StatesError
from engine.expressions import InvalidExpression
from engine.model import Expression
from engine.values import same

CASES = Path(__file__).parent.parent / "cases"


def table(name: str) -> list[Any]:
    """The cases of tests/cases/`name`.json as parameters, each with what is given merged in."""
    read = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    given = read["given"]
    merged = [{**given, **case} for case in read["cases"]]
    return [pytest.param(case, id=f"{number}-{_title(case)}") for number, case in enumerate(merged)]


def _title(case: dict[str, Any]) -> str:
    return " ".join(str(case[key]) for key in ("path", "call", "template", "rule", "expression") if key in case)[:60]


def scope(case: dict[str, Any]) -> Any:
    """What a visit shows to its expressions: the wall clock stands at 2025-03-04T05:06:07Z."""
    return SimpleNamespace(
        context=case.get("context", {}),
        variables=case.get("variables", {}),
        states={"input": case.get("value"), **case.get("states", {})},
        random=Random(7),
        now=1_741_064_767_000,
    )


def judge(case: dict[str, Any], compile_: Callable[[], Expression]) -> None:
    """Compile, evaluate, and compare with what the case says; the value must be as it was before."""
    if "refused" in case:
        with pytest.raises(InvalidExpression) as refused:
            compile_()
        assert refused.value.message == case["refused"]
        assert case.get("at", []) == list(refused.value.at)
        return
    before = json.dumps(case.get("value"))
    evaluate = compile_().evaluate
    if "fails" in case:
        with pytest.raises(StatesError) as failed:
            evaluate(case.get("value"), scope(case))
        assert [failed.value.name, failed.value.cause] == case["fails"]
        assert failed.value.framed is case.get("framed", True)
        return
    result = evaluate(case.get("value"), scope(case))
    assert same(result, case["result"]), result
    assert json.dumps(case.get("value")) == before
