"""JSONata expressions. The tables are tests/cases/jsonata."""

from __future__ import annotations

import timeit
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import StatesError
from engine.expressions import jsonata
from engine.expressions.jsonata_text import tokens
from engine.values import same
from tests.engine.seen import judge, scope, table


@pytest.mark.parametrize("case", table("jsonata/values"))
def test_value(case: dict[str, Any]) -> None:
    judge(case, lambda: jsonata.value(case["expression"], case["field"]))


@pytest.mark.parametrize("case", table("jsonata/checked"))
def test_check(case: dict[str, Any]) -> None:
    assert jsonata.check(case["expression"], case["allowed"]) == [tuple(problem) for problem in case["problems"]]


def test_failures_carry_their_location() -> None:
    evaluate = jsonata.value({"a": ["{% $gone %}"]}, "Catch[1]/Output").evaluate
    with pytest.raises(StatesError) as failed:
        evaluate(None, scope({}))
    assert (failed.value.location, failed.value.framed, failed.value.fatal) == ("Catch[1]/Output/a[0]", True, False)


def test_all_faults_of_a_value_are_found() -> None:
    source = {"a": ["{% b %}", "{% 1 %}"], "c": "{% ( %}", "d": {"e": "{% $states.result %}"}}
    found = [(fault.at, fault.code) for fault in jsonata.faults(source)]
    assert found == [
        (("a", 0), "UNSUPPORTED_JSONATA_EXPRESSION"),
        (("c",), "INVALID_JSONATA_EXPRESSION"),
        (("d", "e"), "UNSUPPORTED_JSONATA_EXPRESSION"),
    ]


@pytest.mark.parametrize(
    ("expression", "assigned", "names"),
    [
        ("{% $x + $sum($y.z) + $states.input.q %}", set(), {"x", "y"}),
        ("{% $map($items, function($v) { $v + $bias }) %}", set(), {"items", "bias"}),
        ("{% ($a := 1; $a + $b) %}", set(), {"b"}),
        ("{% $uuid() & $random() & $count([1]) %}", set(), set()),
        ("{% $count + 1 %}", {"count"}, {"count"}),
        ("{% '$x' & \"$y\" /* $z */ %}", {"x", "y", "z"}, set()),
        ("{% ( %}", set(), set()),
    ],
)
def test_names(expression: str, assigned: set[str], names: set[str]) -> None:
    assert jsonata.names(expression, assigned) == names


def test_what_is_only_followed_is_shared() -> None:
    case = {"value": {"big": {"inner": [1, 2]}}, "variables": {"kept": {"x": [3]}}}
    seen = scope(case)
    read = jsonata.value(["{% $states.input.big.inner %}", "{% $kept.x %}", {"constant": [1]}], "Output").evaluate
    inner, kept, constant = read(None, seen)
    assert inner is case["value"]["big"]["inner"]
    assert kept is case["variables"]["kept"]["x"]
    assert constant is read(None, seen)[2]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
    max_leaves=8,
)


def outcome(expression: str, value: Any) -> Any:
    try:
        return [jsonata.value(expression, "Output").evaluate(None, scope({"value": value, "variables": {"v": value}}))]
    except StatesError as failed:
        return (failed.cause or "").rsplit("'", 1)[-1]


@given(JSON, st.sampled_from(["", ".a", ".a.b", ".b.a.a"]))
def test_following_names_is_what_jsonata_does(value: Any, steps: str) -> None:
    """Parentheses send the same expression the long way."""
    for root in ("$states.input", "$v"):
        direct, asked = outcome(f"{{% {root}{steps} %}}", value), outcome(f"{{% ({root}{steps}) %}}", value)
        assert same(direct, asked), (direct, asked)


def test_an_endless_loop_ends() -> None:
    evaluate = jsonata.value("{% ($f := function($n) { $f($n + 1) }; $f(0)) %}", "Output").evaluate
    with pytest.raises(StatesError, match="evaluation: Expression evaluation timeout: Check for infinite loop"):
        evaluate(None, scope({}))


def test_a_hundred_nested_evaluations_are_allowed_and_no_more() -> None:
    terms = ["1"] * 100
    assert jsonata.value(f"{{% {'+'.join(terms)} %}}", "Output").evaluate(None, scope({})) == 100
    with pytest.raises(StatesError, match="Stack overflow"):
        jsonata.value(f"{{% {'+'.join([*terms, '1', '1'])} %}}", "Output").evaluate(None, scope({}))


def test_draws_come_from_the_run() -> None:
    evaluate = jsonata.value("{% [$random(), $uuid(), $shuffle([1..9])] %}", "Output").evaluate
    assert evaluate(None, scope({})) == evaluate(None, scope({}))
    seen = scope({})
    assert evaluate(None, seen) != evaluate(None, seen)


@pytest.mark.parametrize("text", ["$", "/", '"', "`", "/*", "'\\", "a/b/c", "\x00", "?:??", "$x /a/ 2"])
def test_any_text_falls_into_tokens(text: str) -> None:
    assert "".join(token for _, token in tokens(text)) in text.replace(" ", "")


def test_the_work_around_jlens_is_small() -> None:
    seen = scope({"value": {"n": 1, "big": [{"x": number} for number in range(1_000)]}})
    evaluate = jsonata.value("{% $states.input.n + 1 %}", "Output").evaluate
    ours = min(timeit.repeat(lambda: evaluate(None, seen), number=1_000, repeat=5)) / 1_000
    assert ours < 20e-6, f"{ours * 1e6:.1f} µs"
