"""Payload templates. The table is tests/cases/templates/filled.json."""

from __future__ import annotations

import timeit
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expressions import templates
from tests.engine.seen import judge, scope, table


@pytest.mark.parametrize("case", table("templates/filled"))
def test_filled(case: dict[str, Any]) -> None:
    judge(case, lambda: templates.template(case["template"], "Parameters"))


def test_every_fault_is_found_with_its_place() -> None:
    template = {"ok.$": "$.a", "bad.$": "a", "deep": [{"worse.$": 1}, {"a": 1, "a.$": "$.a"}], "const": {"x": 1}}
    found = [(fault.at, fault.message.split("'")[1]) for fault in templates.faults(template)]
    assert found == [((), "bad.$"), (("deep", 0), "worse.$"), (("deep", 1), "a")]


def test_constant_parts_are_the_same_object_every_time() -> None:
    source = {"constant": {"a": [1, 2]}, "list": [{"b": 1}, {"x.$": "$.x"}], "x.$": "$.x"}
    fill = templates.template(source, "Parameters").evaluate
    value = {"x": {"big": "part"}}
    first, second = fill(value, scope({})), fill(value, scope({}))
    assert first == second == {"constant": {"a": [1, 2]}, "list": [{"b": 1}, {"x": value["x"]}], "x": value["x"]}
    assert first is not second
    assert first["constant"] is second["constant"] is source["constant"]
    assert first["list"][0] is source["list"][0]
    assert first["x"] is value["x"]


def test_a_template_without_dynamic_keys_is_its_source() -> None:
    source = {"a": [{"b": "$.c"}]}
    assert templates.template(source, "Parameters").evaluate({}, None) is source


def test_keys_keep_their_order() -> None:
    fill = templates.template({"z.$": "$.a", "m": 1, "a.$": "$.a"}, "Parameters").evaluate
    assert list(fill({"a": 1}, None)) == ["z", "m", "a"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(JSON, JSON)
def test_filling_never_changes_the_template(source: Any, value: Any) -> None:
    faults = list(templates.faults(source))
    if faults:
        with pytest.raises(type(faults[0]), match=r"^The "):
            templates.template(source, "Parameters")
        return
    before = repr(source)
    templates.template(source, "Parameters").evaluate(value, scope({}))
    assert repr(source) == before


def test_a_small_template_is_filled_in_well_under_a_microsecond() -> None:
    fill = templates.template({"b": 1, "k": 2, "x.$": "$.x"}, "Parameters").evaluate
    value = {"x": 5}
    ours = min(timeit.repeat(lambda: fill(value, None), number=10_000, repeat=5)) / 10_000
    assert ours < 2e-6, f"{ours * 1e9:.0f} ns"
