"""Our own rules, and the warnings of the service. The table is tests/cases/lint/rules.json."""

from __future__ import annotations

import inspect
import json
import string
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from engine.lint import RULES
from engine.problems import CATALOGUE, problem
from engine.validate import validate

TABLE = Path(__file__).parent.parent / "cases" / "lint" / "rules.json"
CASES = json.loads(TABLE.read_text(encoding="utf-8"))["cases"]
OURS = [code for code, entry in CATALOGUE.items() if "-" in code or entry.severity == "warning"]
FROM_TEXTS = {"unreadable", "invalid-json", "duplicate-key"}
"""Told when a text is loaded; their cases are in tests/cases/source."""


def definition_of(case: dict[str, Any]) -> dict[str, Any]:
    machine = {"StartAt": next(iter(case["states"])), "States": case["states"]}
    return {"QueryLanguage": case["language"], **machine} if "language" in case else machine


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case['about']}-{n}") for n, case in enumerate(CASES)])
def test_rule(case: dict[str, Any]) -> None:
    found = validate(definition_of(case), workflow_type=case.get("type", "STANDARD"))
    told = [f"{problem.at} {problem.message}" for problem in found if problem.code == case["about"]]
    assert told == case["found"]


def test_every_rule_has_a_case_that_speaks_and_one_that_is_silent() -> None:
    seen: dict[str, set[bool]] = defaultdict(set)
    for case in CASES:
        seen[case["about"]].add(bool(case["found"]))
    lacking = {code for code in OURS if code not in FROM_TEXTS and seen[code] != {True, False}}
    assert not lacking


def test_every_code_has_help_and_a_sentence_that_can_be_filled() -> None:
    for code, entry in CATALOGUE.items():
        assert entry.help.endswith("."), code
        names = {name for _, name, _, _ in string.Formatter().parse(entry.text) if name}
        if entry.text:
            assert problem(code, "/", **dict.fromkeys(names, "x")).message


def test_no_rule_of_ours_is_an_error() -> None:
    assert {CATALOGUE[case["about"]].severity for case in CASES} <= {"warning", "hint"}


def test_rules_are_small_generators() -> None:
    for rule in RULES:
        assert inspect.isgeneratorfunction(rule), rule
        assert len(inspect.getsource(rule).splitlines()) <= 20, rule


def test_severities_of_the_catalogue_are_those_that_are_told() -> None:
    for case in CASES:
        for found in validate(definition_of(case), workflow_type=case.get("type", "STANDARD")):
            assert found.severity == CATALOGUE[found.code].severity, found
