"""Quick fixes: applied, each makes its problem go and brings no other error. The tables are tests/cases/fixes/*.json."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from engine.fixes import RULES, Fix, fixes
from engine.fixes_schema import FORMS
from engine.mending import inner
from engine.problems import CATALOGUE, SCHEMA, Problem
from engine.validate import validate

TABLES = sorted((Path(__file__).parent.parent / "cases" / "fixes").glob("*.json"))
CASES = [(path.stem, case) for path in TABLES for case in json.loads(path.read_text(encoding="utf-8"))["cases"]]


def document_of(case: dict[str, Any]) -> dict[str, Any]:
    states = case.get("states")
    return case["document"] if states is None else {"StartAt": next(iter(states)), "States": states}


def said(fix: Fix) -> str:
    return fix.label.format(**fix.params)


def found(document: Any, case: dict[str, Any]) -> tuple[Problem, Fix]:
    """The problem of a case, and its fix; with what is offered instead, when it is not there."""
    offered = []
    for problem in validate(document):
        if problem.code == case["code"] and case.get("at") in (None, problem.at):
            for fix in fixes(problem, document):
                offered.append(f"{problem.at} {problem.message} → {said(fix)}")
                if said(fix) == case["fix"]:
                    return problem, fix
    raise AssertionError(f"{case['fix']} is not offered, but {offered}")


def errors(document: Any) -> set[tuple[str, str]]:
    return {(problem.code, problem.message) for problem in validate(document) if problem.severity == "error"}


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{table}-{case['says']}") for table, case in CASES])
def test_a_fix_makes_its_problem_go_and_brings_no_other_error(case: dict[str, Any]) -> None:
    document = document_of(case)
    before = deepcopy(document)
    problem, fix = found(document, case)
    after = fix.apply(document)
    assert document == before, "the document that it was made for is changed"
    left = {(one.code, one.at, one.message) for one in validate(after)}
    assert (problem.code, problem.at, problem.message) not in left
    assert not {code for code, _ in errors(after) - errors(document)} - set(case.get("leaves", ()))
    for at, value in case.get("gives", {}).items():
        assert inner(after, at) == value, at


def test_every_rule_has_a_case() -> None:
    assert set(RULES) <= {case["code"] for _, case in CASES}
    assert set(RULES) <= set(CATALOGUE)


def test_every_sentence_of_the_schema_that_has_a_fix_has_a_case() -> None:
    told = [
        problem.message
        for _, case in CASES
        if case["code"] == SCHEMA
        for problem in validate(document_of(case))
        if problem.code == SCHEMA
    ]
    assert not [form for form, _ in FORMS if not any(re.fullmatch(form, message, re.DOTALL) for message in told)]


def test_what_the_catalogue_says_a_fix_would_do_can_be_done() -> None:
    """All but one: how long to wait between two turns of a loop is a decision."""
    promised = {code for code, entry in CATALOGUE.items() if entry.fix}
    assert promised - set(RULES) == {"loop-meets-event-limit"}


def test_a_document_that_is_none_has_no_fixes() -> None:
    assert fixes(Problem(SCHEMA, "/", "Definition must be a valid JSON object"), []) == ()
