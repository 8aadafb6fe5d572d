"""Rules of Choice states. The table is tests/cases/choices/rules.json."""

from __future__ import annotations

import timeit
from typing import Any

import pytest

from engine.expressions import choices
from tests.engine.seen import judge, scope, table

RULES = table("choices/rules")


@pytest.mark.parametrize("case", RULES)
def test_rule(case: dict[str, Any]) -> None:
    judge(case, lambda: choices.rule(case["rule"]))


def test_there_are_39_operators_and_each_has_a_case() -> None:
    tried = {name for param in RULES for name in param.values[0]["rule"] if name in choices.OPERATORS}
    assert len(choices.OPERATORS) == 39
    assert tried == set(choices.OPERATORS)


def test_truth_shows_what_was_compared_and_what_was_never_asked() -> None:
    rule = {
        "Or": [
            {"And": [{"Variable": "$.a", "NumericEquals": 2}, {"Variable": "$.gone", "IsNull": True}]},
            {"Not": {"Variable": "$.a", "NumericLessThanPath": "$limit"}},
            {"Variable": "$.b", "IsPresent": True},
        ]
    }
    truth = choices.truths(rule, {"a": 1}, scope({"variables": {"limit": 1}}))
    both, opposite, last = truth.parts
    assert (truth.at, truth.operator, truth.holds) == ((), "Or", True)
    assert [both.holds, opposite.holds, last.holds] == [False, True, None]
    assert [part.holds for part in both.parts] == [False, None]
    compared = opposite.parts[0]
    assert (compared.at, compared.variable, compared.seen, compared.operand) == (("Or", 1, "Not"), "$.a", 1, 1)
    assert both.parts[0].operand == 2


def test_truth_of_a_rule_that_fails_the_run_is_the_cause() -> None:
    rule = {"And": [{"Variable": "$.gone", "NumericEquals": 1}, {"Variable": "$.a", "IsNull": True}]}
    truth = choices.truths(rule, {"a": 1}, scope({}))
    assert truth.holds is None
    assert truth.parts[0].error == (
        "Invalid path '$.gone': The choice state's condition path references an invalid value."
    )
    assert (truth.parts[0].present, truth.parts[1].holds) == (False, None)


@pytest.mark.parametrize(
    "case", [case for case in RULES if "result" in case.values[0]], ids=lambda case: str(case["rule"])[:50]
)
def test_truth_agrees_with_the_rule(case: dict[str, Any]) -> None:
    assert choices.truths(case["rule"], case["value"], scope(case)).holds is case["result"]


def test_a_pattern_with_many_stars_is_matched_in_a_moment() -> None:
    matches = choices.rule({"Variable": "$.s", "StringMatches": "*a" * 50 + "*b"}).evaluate
    value = {"s": "a" * 20_000}
    assert timeit.timeit(lambda: matches(value, None), number=1) < 0.5
    assert matches(value, None) is False


def test_a_comparison_takes_well_under_a_microsecond() -> None:
    holds = choices.rule({"Variable": "$.n", "NumericLessThan": 10}).evaluate
    value = {"n": 5}
    ours = min(timeit.repeat(lambda: holds(value, None), number=10_000, repeat=5)) / 10_000
    assert ours < 2e-6, f"{ours * 1e9:.0f} ns"
