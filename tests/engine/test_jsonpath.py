"""The dialect in tables: `tests/cases/jsonpath/*.json`, `{"given": document, "cases": [{"path", "result" | "fails"}]}`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.expressions.jsonpath import InvalidPath, PathFailed, PathNotFound, compile_path, reference_steps
from engine.values import same

FOLDER = Path(__file__).parent.parent / "cases" / "jsonpath"
KINDS = {"not_found": PathNotFound, "invalid_path": InvalidPath, "error": PathFailed}
CASES = [
    pytest.param(table["given"], case, id=f"{path.stem}: {case['path']}")
    for path in sorted(FOLDER.glob("*.json"))
    for table in [json.loads(path.read_text("utf-8"))]
    for case in table["cases"]
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)
PIECES = st.lists(
    st.sampled_from(
        [".a", ".b", "[0]", "[-1]", "[*]", ".*", "..a", "[0:2]", "['a','b']", "[?(@.a)]", "[?(@.a > 1)]", ".length()"]
    ),
    max_size=5,
)


@pytest.mark.parametrize(("document", "case"), CASES)
def test_a_path_answers_as_the_table_says(document: Any, case: dict[str, Any]) -> None:
    if "fails" in case:
        kind, message = case["fails"]
        with pytest.raises(KINDS[kind]) as failed:
            compile_path(case["path"]).read(document)
        assert failed.value.message == message
    else:
        found = compile_path(case["path"], lenient=case.get("lenient", False)).read(document)
        assert same(found, case["result"]), found


@given(JSON, PIECES)
def test_a_path_gives_a_value_or_says_why_not_and_changes_nothing(document: Any, pieces: list[str]) -> None:
    before = json.dumps(document)
    try:
        compile_path("$" + "".join(pieces)).read(document)
    except (PathNotFound, PathFailed, InvalidPath) as said:
        assert said.message
    assert json.dumps(document) == before


@given(st.text(max_size=24))
def test_any_text_is_a_path_or_refused(text: str) -> None:
    for path in (text, "$" + text):
        try:
            compile_path(path)
        except InvalidPath as said:
            assert said.message


@given(JSON.filter(lambda value: value is not None), st.lists(st.sampled_from(["a", "b", 0, 1]), max_size=4))
def test_the_steps_of_a_reference_path_lead_where_the_path_leads(document: Any, steps: list[Any]) -> None:
    path = "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    assert reference_steps(path) == tuple(steps)
    value = document
    try:
        for step in steps:
            if isinstance(value, list) != isinstance(step, int) or not isinstance(value, (dict, list)):
                raise KeyError
            value = value[step]
    except (KeyError, IndexError):
        with pytest.raises(PathNotFound):
            compile_path(path).read(document)
    else:
        assert same(compile_path(path).read(document), value)


def test_a_document_that_is_very_deep_is_no_end_of_the_engine() -> None:
    deep: Any = 1
    for _ in range(20_000):
        deep = {"a": deep}
    with pytest.raises((PathFailed, PathNotFound)):
        compile_path("$..zzz[0]").read(deep)
        raise PathFailed("it came to an end")


def test_a_pathological_expression_ends() -> None:
    with pytest.raises(PathFailed):
        compile_path("$[?(@ =~ /(a|aa)+c/)]").read(["a" * 60])
