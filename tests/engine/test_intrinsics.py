"""Intrinsic functions. The table is tests/cases/intrinsics/calls.json."""

from __future__ import annotations

import re
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from engine.errors import StatesError
from engine.expressions import InvalidExpression
from engine.expressions.intrinsics import INTRINSICS, compile_call, parse_call, paths_in
from engine.expressions.java import JavaRandom
from engine.model import Expression
from tests.engine.seen import judge, scope, table

CALLS = table("intrinsics/calls")


@pytest.mark.parametrize("case", CALLS)
def test_call(case: dict[str, Any]) -> None:
    judge(case, lambda: Expression(case["call"], compile_call(case["call"])))


def test_there_are_eighteen_and_each_has_cases_and_help() -> None:
    tried = {name for param in CALLS for name in re.findall(r"States\.(\w+)\(", param.values[0]["call"])}
    assert len(INTRINSICS) == 18
    assert set(INTRINSICS) - {"UUID"} <= tried
    assert all(row.help.endswith(".") for row in INTRINSICS.values())


def test_a_new_uuid_is_a_version_4_uuid_and_the_same_in_the_same_run() -> None:
    new = compile_call("States.UUID()")
    first, second = scope({}), scope({})
    made = [new({}, first), new({}, first)]
    assert made == [new({}, second), new({}, second)]
    assert len(set(made)) == 2
    assert all(
        re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", one) for one in made
    )


def test_random_numbers_come_from_the_run_and_stay_within_bounds() -> None:
    draw = compile_call("States.MathRandom(-3, 3)")
    seen = SimpleNamespace(random=Random(1), context={}, variables={})
    assert {draw({}, seen) for _ in range(200)} == {-3, -2, -1, 0, 1, 2}


def test_seeded_numbers_are_those_of_java() -> None:
    assert JavaRandom(42).double() == 0.7275636800328681
    assert [JavaRandom(0).below(bound) for bound in (10, 16, 2**32 - 1)] == [0, 11, 3_139_482_720]


@pytest.mark.parametrize("call", ["States.Base64Encode($.s)", "States.Base64Decode($.s)", "States.Hash($.s, 'MD5')"])
def test_long_texts_are_refused(call: str) -> None:
    evaluate = compile_call(call)
    assert evaluate({"s": "abcd" * 2_500}, scope({}))
    with pytest.raises(StatesError, match="longer than 10000 characters"):
        evaluate({"s": "abcd" * 2_500 + "e"}, scope({}))


def test_deep_json_text_is_a_failure_and_no_crash() -> None:
    with pytest.raises(StatesError, match="not valid JSON"):
        compile_call("States.StringToJson($.s)")({"s": "[" * 100_000}, scope({}))


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("States.ArrayLenght($.a)", "did you mean States.ArrayLength?"),
        ("States.MathAdd(1)", "takes (first, second), but was given 1"),
        ("States.Array('a\\n')", "An argument is a 'string'"),
    ],
)
def test_a_refusal_says_what_would_be_right(call: str, told: str) -> None:
    with pytest.raises(InvalidExpression) as refused:
        parse_call(call)
    assert told in refused.value.detail


def test_paths_of_inner_calls_are_found_from_left_to_right() -> None:
    call = parse_call("States.Format('{} {}', $a.b, States.ArrayLength($$.x), $.c)")
    assert [path.text for path in paths_in(call)] == ["$a.b", "$$.x", "$.c"]


@pytest.mark.parametrize(
    "call", ["States.Format('{}', $.x)", "States.ArrayUnique($.x)", "States.ArrayContains($.x, $.y)"]
)
def test_a_value_that_is_nested_too_deeply_is_a_failure_and_no_crash(call: str) -> None:
    deep: Any = []
    other: Any = []
    for _ in range(5_000):
        deep, other = [deep], [other]
    with pytest.raises(StatesError, match="nested too deeply"):
        compile_call(call)({"x": [deep], "y": other}, scope({}))


def test_infinity_is_no_integer() -> None:
    with pytest.raises(StatesError, match="outside the range of an integer"):
        compile_call("States.MathAdd($.x, 1)")({"x": float("inf")}, scope({}))
